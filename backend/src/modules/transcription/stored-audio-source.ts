import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { AudioSource } from '@auscult/speech';
import type { ByteRange } from '../storage/index.js';

/** One request to the store; a multiple of its encrypted chunks (64 KiB), and large enough that a remote store is no brake. */
const BLOCK_BYTES = 1024 * 1024;

/** The blocks kept: enough for a decoder that reads on while it returns now and then to an index at the other end. */
const KEPT_BLOCKS = 4;

/** A stored object, or the WAV file of a live session. */
export interface StoredSound {
  readonly sizeBytes: number;
  /** Bytes of the range. */
  read(range: ByteRange): Readable | Promise<Readable>;
}

/**
 * A stored recording for the decoder. Reads in blocks, keeps the last few, and fetches the next one ahead while the present one is
 * being decoded; memory stays the same for minutes and for hours.
 */
export class StoredAudioSource implements AudioSource {
  readonly sizeBytes: number;
  private readonly blocks = new Map<number, Promise<Buffer>>();

  constructor(private readonly sound: StoredSound) {
    this.sizeBytes = sound.sizeBytes;
  }

  async read(start: number, length: number): Promise<Uint8Array> {
    const end = Math.min(start + length, this.sizeBytes);
    const parts: Buffer[] = [];
    for (let at = start; at < end; ) {
      const number = Math.floor(at / BLOCK_BYTES);
      const block = await this.block(number);
      this.readAhead(number + 1);
      const from = at - number * BLOCK_BYTES;
      const part = block.subarray(from, Math.min(block.length, from + end - at));
      if (part.length === 0) break;
      parts.push(part);
      at += part.length;
    }
    return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
  }

  private block(number: number): Promise<Buffer> {
    const block = this.blocks.get(number) ?? this.request(number);
    // Moved to the end: the block that was not used for longest is forgotten first.
    this.blocks.delete(number);
    this.keep(number, block);
    return block;
  }

  private readAhead(number: number): void {
    if (number * BLOCK_BYTES < this.sizeBytes && !this.blocks.has(number)) this.keep(number, this.request(number));
  }

  private keep(number: number, block: Promise<Buffer>): void {
    this.blocks.set(number, block);
    for (const oldest of this.blocks.keys()) {
      if (this.blocks.size <= KEPT_BLOCKS) return;
      this.blocks.delete(oldest);
    }
  }

  /** A failed request is forgotten. Whoever needs the block meets the error; one that nobody needs must not end the process. */
  private request(number: number): Promise<Buffer> {
    const block = this.fetch(number);
    block.catch(() => {
      if (this.blocks.get(number) === block) this.blocks.delete(number);
    });
    return block;
  }

  private async fetch(number: number): Promise<Buffer> {
    const start = number * BLOCK_BYTES;
    const end = Math.min(start + BLOCK_BYTES, this.sizeBytes) - 1;
    return buffer(await this.sound.read({ start, end }));
  }
}
