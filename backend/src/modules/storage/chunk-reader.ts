import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { type ByteRange, ObjectDamagedError, ObjectNotFoundError } from './object-store.js';
import { CHUNK_BYTES, type ChunkSeal, RECORD_BYTES } from './sealed-chunks.js';

/** Chunks read at once: 512 KiB, all that a reader holds besides the stream's own buffer. */
const BATCH_CHUNKS = 8;

/**
 * Streams the plain bytes of a range and closes the file in every case, also when nobody ever read from the stream. Fails with
 * `ObjectNotFoundError` within a batch when the object's key is destroyed meanwhile.
 */
export class ChunkReader extends Readable {
  private next: number;
  private readonly records = Buffer.allocUnsafe(BATCH_CHUNKS * RECORD_BYTES);

  constructor(
    private readonly file: FileHandle,
    private readonly seal: ChunkSeal,
    private readonly range: ByteRange,
    /** A chunk that is known already and not read from the file. */
    private readonly known: { index: number; plain: Buffer } | null,
    /** Whether the object still has a key. */
    private readonly hasKey: () => Promise<boolean>,
  ) {
    super({ highWaterMark: 4 * CHUNK_BYTES });
    this.next = range.start;
  }

  override _read(): void {
    this.pushBatch().catch((error: unknown) => this.destroy(error instanceof Error ? error : new Error('Reading failed')));
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.file.close().then(() => done(error), (closing: unknown) => done(error ?? (closing as Error)));
  }

  private async pushBatch(): Promise<void> {
    if (this.next > this.range.end) {
      this.push(null);
      return;
    }
    // Whoever made the reader has just found the key: most reads end with their first batch, and would ask the database twice.
    if (this.next > this.range.start && !(await this.hasKey())) throw new ObjectNotFoundError();
    const first = Math.floor(this.next / CHUNK_BYTES);
    const last = Math.min(Math.floor(this.range.end / CHUNK_BYTES), first + BATCH_CHUNKS - 1);
    const bytes = await this.readRecords(first, last - first + 1);
    for (let index = first; index <= last && !this.destroyed; index++) this.pushChunk(index, bytes.subarray((index - first) * RECORD_BYTES));
  }

  private async readRecords(first: number, count: number): Promise<Buffer> {
    let filled = 0;
    while (filled < count * RECORD_BYTES) {
      const { bytesRead } = await this.file.read(this.records, filled, count * RECORD_BYTES - filled, first * RECORD_BYTES + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return this.records.subarray(0, filled);
  }

  private pushChunk(index: number, records: Buffer): void {
    const plain = this.known?.index === index ? this.known.plain : this.seal.open(index, records.subarray(0, RECORD_BYTES));
    const from = this.next - index * CHUNK_BYTES;
    const to = Math.min(CHUNK_BYTES, this.range.end + 1 - index * CHUNK_BYTES);
    if (!plain || plain.length < to) throw new ObjectDamagedError('chunk');
    this.next += to - from;
    this.push(plain.subarray(from, to));
  }
}
