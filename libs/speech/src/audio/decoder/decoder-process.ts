import { AV_LOG_QUIET } from 'node-av/constants';
import { Log } from 'node-av/lib';
import { AudioError } from '../audio-error.js';
import { SAMPLE_RATE } from '../opened-audio.js';
import type { DecoderReply, DecoderRequest } from './decoder-messages.js';
import { Decoding } from './decoding.js';

/**
 * The child process that decodes one file. Codecs are native code that meets whatever people upload: when one crashes,
 * it takes this process along and nothing else.
 */
const MESSAGE_SAMPLES = SAMPLE_RATE / 2;

const pendingReads = new Map<number, (bytes: Uint8Array) => void>();
let reads = 0;
let credits = 0;
let onCredit: (() => void) | null = null;

function send(reply: DecoderReply): void {
  process.send?.(reply);
}

function readBytes(start: number, length: number): Promise<Uint8Array> {
  const id = (reads += 1);
  return new Promise((resolve) => {
    pendingReads.set(id, resolve);
    send({ type: 'read', id, start, length });
  });
}

async function sendFrames(samples: Float32Array): Promise<void> {
  while (credits === 0) await new Promise<void>((resolve) => (onCredit = resolve));
  credits -= 1;
  send({ type: 'frames', samples });
}

/** Gathers the codec's small frames to messages of half a second. */
async function sendSound(decoding: Decoding): Promise<void> {
  const length = MESSAGE_SAMPLES * decoding.description.channelCount;
  let message = new Float32Array(length);
  let filled = 0;
  for await (const samples of decoding.frames()) {
    for (let taken = 0; taken < samples.length; ) {
      const part = samples.subarray(taken, taken + length - filled);
      message.set(part, filled);
      filled += part.length;
      taken += part.length;
      if (filled < length) continue;
      await sendFrames(message);
      message = new Float32Array(length);
      filled = 0;
    }
  }
  if (filled > 0) await sendFrames(message.slice(0, filled));
}

async function decode(sizeBytes: number): Promise<void> {
  try {
    const decoding = await Decoding.open(sizeBytes, readBytes);
    send({ type: 'opened', ...decoding.description });
    await sendSound(decoding);
    send({ type: 'ended', truncated: decoding.truncated });
  } catch (error) {
    if (!(error instanceof AudioError)) throw error;
    send({ type: 'refused', code: error.code });
  }
}

Log.setLevel(AV_LOG_QUIET);
process.on('disconnect', () => process.exit(0));
process.on('message', (request: DecoderRequest) => {
  if (request.type === 'open') void decode(request.sizeBytes);
  if (request.type === 'pull') {
    credits += 1;
    onCredit?.();
  }
  if (request.type === 'bytes') {
    pendingReads.get(request.id)?.(request.bytes);
    pendingReads.delete(request.id);
  }
});
