import type { FileHandle } from 'node:fs/promises';
import { type AppendMark, type Extent, removeMark, writeMark } from './chunk-file.js';
import { CHUNK_BYTES, type ChunkSeal, RECORD_BYTES } from './sealed-chunks.js';

/** Chunks written at once: 1 MiB a write is where a disk no longer cares, and two such buffers are all that an upload holds. */
const BATCH_CHUNKS = 16;
/** After so many chunks (64 MiB) the file is synced and the mark moves on, which bounds the search after a crash. */
const CHECKPOINT_CHUNKS = 1024;

interface Batch {
  records: Buffer;
  filled: number;
}

const emptyBatch = (): Batch => ({ records: Buffer.allocUnsafe(BATCH_CHUNKS * RECORD_BYTES), filled: 0 });

/**
 * Appends to one file: gathers chunks, seals them, and writes one batch while the next is being filled.
 * Use: `begin`, any number of `add`, `finish`. If it is dropped in between, the mark stays and the file heals at the next append.
 */
export class ChunkWriter {
  private readonly plain = Buffer.allocUnsafe(CHUNK_BYTES);
  private gathered = 0;
  private index: number;
  private batch = emptyBatch();
  private spare = emptyBatch();
  private position: number;
  private writing: Promise<void> = Promise.resolve();
  private sinceCheckpoint = 0;

  constructor(
    private readonly file: FileHandle,
    private readonly markPath: string,
    private readonly seal: ChunkSeal,
    private readonly start: Extent,
  ) {
    this.index = start.fullChunks;
    this.position = start.fullChunks * RECORD_BYTES;
  }

  /** Plain bytes taken so far, the file's former content included. */
  get size(): number {
    return this.index * CHUNK_BYTES + this.gathered;
  }

  /** Marks the file as being written, cuts what the survey did not trust and takes the tail back in hand. */
  async begin(): Promise<void> {
    const { tail, fullChunks, restored } = this.start;
    await writeMark(this.markPath, this.markOf(tail));
    if (restored || tail.length === 0) await this.file.truncate(fullChunks * RECORD_BYTES);
    tail.copy(this.plain);
    this.gathered = tail.length;
  }

  async add(bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      const taken = bytes.copy(this.plain, this.gathered, at);
      this.gathered += taken;
      at += taken;
      if (this.gathered === CHUNK_BYTES) await this.sealGathered();
    }
  }

  /** Writes what is left and answers the size once everything is durable. */
  async finish(): Promise<number> {
    const size = this.size;
    if (this.gathered > 0) await this.sealGathered();
    await this.writeBatch();
    await this.writing;
    await this.file.sync();
    await removeMark(this.markPath);
    return size;
  }

  /** Waits for the write under way, so that the file may be closed after a failure. */
  async abandon(): Promise<void> {
    await this.writing.catch(() => undefined); // its error was thrown already, to the one who awaited the next write
  }

  private async sealGathered(): Promise<void> {
    this.batch.filled += this.seal.seal(this.index, this.plain.subarray(0, this.gathered), this.batch.records, this.batch.filled);
    this.index += 1;
    this.gathered = 0;
    if (this.batch.filled === this.batch.records.length) await this.writeBatch();
  }

  private async writeBatch(): Promise<void> {
    await this.writing;
    const full = this.batch;
    this.batch = this.spare;
    this.spare = full;
    const { position } = this;
    this.position += full.filled;
    this.sinceCheckpoint += BATCH_CHUNKS;
    const checkpoint = this.sinceCheckpoint >= CHECKPOINT_CHUNKS ? this.index : null;
    if (checkpoint !== null) this.sinceCheckpoint = 0;
    this.writing = this.write(full, position, checkpoint);
    this.writing.catch(() => undefined); // seen by the next await of `writing`; without this a late one would end the process
  }

  private async write(batch: Batch, position: number, checkpoint: number | null): Promise<void> {
    for (let done = 0; done < batch.filled; ) {
      const { bytesWritten } = await this.file.write(batch.records, done, batch.filled - done, position + done);
      done += bytesWritten;
    }
    batch.filled = 0;
    if (checkpoint === null) return;
    await this.file.datasync();
    await writeMark(this.markPath, { index: checkpoint, record: Buffer.alloc(0) });
  }

  private markOf(tail: Buffer): AppendMark {
    const record = Buffer.allocUnsafe(RECORD_BYTES);
    const length = tail.length > 0 ? this.seal.seal(this.start.fullChunks, tail, record) : 0;
    return { index: this.start.fullChunks, record: record.subarray(0, length) };
  }
}
