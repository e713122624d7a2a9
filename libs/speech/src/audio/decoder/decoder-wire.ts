import type { AudioErrorCode } from '../audio-error.js';

/** What the decoder found when it opened the content. */
export interface AudioDescription {
  readonly mediaType: string;
  readonly channelCount: 1 | 2;
  readonly durationMs: number | null;
}

/**
 * What the decoder process tells its parent, in order, over one socket. It works synchronously: after `read` it waits
 * for the answer (a length in four bytes, then the bytes), and when the parent reads no further it stops by itself.
 * `samples` are interleaved where there are two channels.
 */
export type DecoderMessage =
  | { readonly type: 'read'; readonly start: number; readonly length: number }
  | ({ readonly type: 'opened' } & AudioDescription)
  | { readonly type: 'frames'; readonly samples: Float32Array }
  | { readonly type: 'ended'; readonly truncated: boolean }
  | { readonly type: 'refused'; readonly code: AudioErrorCode };

/** The socket's descriptor in the decoder process. */
export const DECODER_SOCKET = 3;

const JSON_KIND = 0;
const FRAMES_KIND = 1;
const HEADER_BYTES = 5;

/** One message: its kind, its length in four bytes (little endian, as all numbers here), its content. */
export function encodeMessage(message: DecoderMessage): Buffer[] {
  const frames = message.type === 'frames';
  const content = frames
    ? Buffer.from(message.samples.buffer, message.samples.byteOffset, message.samples.byteLength)
    : Buffer.from(JSON.stringify(message));
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt8(frames ? FRAMES_KIND : JSON_KIND, 0);
  header.writeUInt32LE(content.length, 1);
  return [header, content];
}

/** Puts the messages together again from however the socket cuts them. */
export class MessageParser {
  private pending: Buffer = Buffer.alloc(0);

  *feed(bytes: Buffer): Generator<DecoderMessage> {
    this.pending = this.pending.length > 0 ? Buffer.concat([this.pending, bytes]) : bytes;
    while (this.pending.length >= HEADER_BYTES) {
      const end = HEADER_BYTES + this.pending.readUInt32LE(1);
      if (this.pending.length < end) return;
      const content = this.pending.subarray(HEADER_BYTES, end);
      const kind = this.pending.readUInt8(0);
      this.pending = this.pending.subarray(end);
      yield kind === FRAMES_KIND ? { type: 'frames', samples: toSamples(content) } : (JSON.parse(content.toString('utf8')) as DecoderMessage);
    }
  }
}

/** A copy, because samples must lie at a multiple of four bytes. */
function toSamples(content: Buffer): Float32Array {
  const samples = new Float32Array(content.length / Float32Array.BYTES_PER_ELEMENT);
  Buffer.from(samples.buffer).set(content);
  return samples;
}
