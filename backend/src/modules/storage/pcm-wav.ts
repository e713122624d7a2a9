import { Readable } from 'node:stream';
import type { ByteRange } from './object-store.js';

/** 16 kHz, as the recogniser wants it; each sample has two bytes, little-endian. */
export const PCM_SAMPLE_RATE = 16_000;
export const SAMPLE_BYTES = 2;
export const WAV_HEADER_BYTES = 44;

/** Samples of each channel held at a time: 4 s, with two channels 256 KB. */
const BLOCK_SAMPLES = 4 * PCM_SAMPLE_RATE;

/** Samples `from` to `until` - 1 of a channel; always as many as were asked for. */
export type ReadSamples = (channel: number, from: number, until: number) => Promise<Int16Array>;

/**
 * A WAV file that exists only while it is read: a header with exact sizes, then the channels interleaved. Memory is the same for
 * seconds and for hours.
 */
export class PcmWav {
  readonly sizeBytes: number;
  private readonly header: Buffer;

  constructor(
    private readonly readSamples: ReadSamples,
    private readonly channelCount: number,
    sampleCount: number,
    /** Another text whenever any byte may have become another. */
    readonly version: string,
  ) {
    this.header = wavHeader(channelCount, sampleCount);
    this.sizeBytes = WAV_HEADER_BYTES + sampleCount * channelCount * SAMPLE_BYTES;
  }

  /** The bytes of `range`, whose end is cut to the file's, or all. @throws RangeError when it begins behind the end */
  read(range: ByteRange = { start: 0, end: this.sizeBytes - 1 }): Readable {
    if (range.start >= this.sizeBytes || range.end < range.start) throw new RangeError('The range is outside the sound');
    const until = Math.min(range.end + 1, this.sizeBytes);
    return Readable.from(this.bytes(range.start, until), { objectMode: false });
  }

  private async *bytes(start: number, until: number): AsyncGenerator<Buffer> {
    if (start < WAV_HEADER_BYTES) yield this.header.subarray(start, until);
    const sampleBytes = SAMPLE_BYTES * this.channelCount;
    const end = until - WAV_HEADER_BYTES;
    for (let at = Math.max(0, start - WAV_HEADER_BYTES); at < end; ) {
      const first = Math.floor(at / sampleBytes);
      const last = Math.min(first + BLOCK_SAMPLES, Math.ceil(end / sampleBytes));
      const block = await this.block(first, last);
      yield block.subarray(at - first * sampleBytes, end - first * sampleBytes);
      at = last * sampleBytes;
    }
  }

  private async block(from: number, until: number): Promise<Buffer> {
    const channels = await Promise.all(Array.from({ length: this.channelCount }, (_, channel) => this.readSamples(channel, from, until)));
    return bytesOf(interleave(channels));
  }
}

/** A RIFF header for 16-bit PCM. Eight hours of two channels are 1.8 GB: its 32-bit sizes hold them. */
export function wavHeader(channelCount: number, sampleCount: number): Buffer {
  const dataBytes = sampleCount * channelCount * SAMPLE_BYTES;
  const header = Buffer.alloc(WAV_HEADER_BYTES);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(WAV_HEADER_BYTES - 8 + dataBytes, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20); // PCM
  header.writeUInt16LE(channelCount, 22);
  header.writeUInt32LE(PCM_SAMPLE_RATE, 24);
  header.writeUInt32LE(PCM_SAMPLE_RATE * channelCount * SAMPLE_BYTES, 28);
  header.writeUInt16LE(channelCount * SAMPLE_BYTES, 32);
  header.writeUInt16LE(SAMPLE_BYTES * 8, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(dataBytes, 40);
  return header;
}

/** Channels of the same length, sample by sample. */
export function interleave(channels: readonly Int16Array[]): Int16Array {
  const [first] = channels;
  if (!first || channels.length === 1) return first ?? new Int16Array();
  const woven = new Int16Array(first.length * channels.length);
  channels.forEach((samples, channel) => {
    for (let at = 0, to = channel; at < samples.length; at++, to += channels.length) woven[to] = samples[at] ?? 0;
  });
  return woven;
}

/** The memory of the samples as bytes; every platform that Auscult runs on is little-endian. */
export function bytesOf(samples: Int16Array): Buffer {
  return Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
}
