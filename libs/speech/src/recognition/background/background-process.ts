import { MoonshineRecognizer } from '../moonshine-recognizer.js';
import type { BackgroundModel, FromBackground, ToBackground } from './background-wire.js';
import { lowerPriority } from './lower-priority.js';

function send(message: FromBackground): void {
  // The parent may be gone by now; then nobody waits for the answer.
  process.send?.(message, undefined, undefined, () => undefined);
}

async function answer(recognizer: MoonshineRecognizer, { id, samples }: ToBackground): Promise<void> {
  try {
    const { text } = await recognizer.recognize(samples);
    send({ type: 'heard', id, text });
  } catch (error) {
    send({ type: 'failed', id, reason: error instanceof Error ? error.message : String(error) });
  }
}

// A terminal's interrupt reaches children too: the parent still needs the answers, and takes this process along when it ends.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit(0));
const { dir, model, nice } = JSON.parse(process.argv[2] ?? '') as BackgroundModel;
lowerPriority(nice);
const recognizer = await MoonshineRecognizer.load(dir, model);
process.on('message', (message: ToBackground) => void answer(recognizer, message));
send({ type: 'ready' });
