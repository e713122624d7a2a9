import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const samples = join(import.meta.dirname, '../../libs/speech/samples');

/** The bundled conversation again and again, mixed to one channel, until it is `seconds` long: a WAV file in memory. */
export function longSession(seconds: number): Buffer {
  return speech('await loadSample(samples)', seconds);
}

/** One side of the bundled conversation, silent while the other speaks: a WAV file in memory. */
export function oneSide(channel: 0 | 1): Buffer {
  return speech(`[{ samples: (await decode(samples + '/conversation.ogg'))[${channel}], words: '' }]`, 1);
}

/** `utterances` is an expression; they are said one after the other until `seconds` are full. */
function speech(utterances: string, seconds: number): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'auscult-speech-'));
  const path = join(folder, 'speech.wav');
  // The benchmarks' own writer is plain JavaScript on the built speech library: run it as a script, not inside the test's transform.
  const script = `
    const { decode, loadSample } = await import(${JSON.stringify(join(import.meta.dirname, '../../ops/bench/corpus.mjs'))});
    const { writeSpeech } = await import(${JSON.stringify(join(import.meta.dirname, '../../ops/bench/wav.mjs'))});
    const samples = ${JSON.stringify(samples)};
    await writeSpeech(${JSON.stringify(path)}, ${utterances}, ${seconds});
    process.exit(0);`;
  try {
    const made = spawnSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' });
    if (made.status !== 0) throw new Error(`The speech could not be made: ${made.stderr}`);
    return readFileSync(path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
