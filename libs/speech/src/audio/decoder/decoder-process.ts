import { readSync, writeSync } from 'node:fs';
import { AV_LOG_QUIET } from 'node-av/constants';
import { Log } from 'node-av/lib';
import { AudioError } from '../audio-error.js';
import { SAMPLE_RATE } from '../opened-audio.js';
import { DECODER_SOCKET, type DecoderMessage, encodeMessage } from './decoder-wire.js';
import { Decoding } from './decoding.js';

/**
 * The child process that decodes one file. Codecs are native code that meets whatever people upload: when one crashes,
 * it takes this process along and nothing else. Everything here waits where it stands; when the parent goes away, the
 * socket fails and the process ends.
 */
const MESSAGE_SAMPLES = SAMPLE_RATE / 2;

function send(message: DecoderMessage): void {
  for (const part of encodeMessage(message)) {
    for (let sent = 0; sent < part.length; ) sent += writeSync(DECODER_SOCKET, part, sent);
  }
}

function receive(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let received = 0; received < length; ) {
    const count = readSync(DECODER_SOCKET, bytes, received, length - received, null);
    if (count === 0) process.exit(0);
    received += count;
  }
  return bytes;
}

function readBytes(start: number, length: number): Uint8Array {
  send({ type: 'read', start, length });
  return receive(receive(4).readUInt32LE(0));
}

/** Gathers the codec's small frames to messages of half a second. */
function sendSound(decoding: Decoding): void {
  const message = new Float32Array(MESSAGE_SAMPLES * decoding.description.channelCount);
  let filled = 0;
  for (const samples of decoding.frames()) {
    for (let taken = 0; taken < samples.length; ) {
      const part = samples.subarray(taken, taken + message.length - filled);
      message.set(part, filled);
      filled += part.length;
      taken += part.length;
      if (filled < message.length) continue;
      send({ type: 'frames', samples: message });
      filled = 0;
    }
  }
  if (filled > 0) send({ type: 'frames', samples: message.subarray(0, filled) });
}

function decode(sizeBytes: number): void {
  try {
    const decoding = Decoding.open(sizeBytes, readBytes);
    send({ type: 'opened', ...decoding.description });
    sendSound(decoding);
    send({ type: 'ended', truncated: decoding.truncated });
  } catch (error) {
    if (!(error instanceof AudioError)) throw error;
    send({ type: 'refused', code: error.code });
  }
}

Log.setLevel(AV_LOG_QUIET);
decode(Number(process.argv[2]));
process.exit(0);
