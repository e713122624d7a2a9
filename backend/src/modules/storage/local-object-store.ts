import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, rm, statfs, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { absentIsNull, quickSize, readMark, surveyFile, syncFolder } from './chunk-file.js';
import { ChunkReader } from './chunk-reader.js';
import { ChunkWriter } from './chunk-writer.js';
import type { DataKeys, ObjectKey } from './data-keys.js';
import {
  type ByteRange, ObjectDamagedError, ObjectNotFoundError, ObjectStore, OffsetConflictError, StorageFullError, WriterReplacedError, requireObjectId,
} from './object-store.js';
import { CHUNK_BYTES, ChunkSeal, SEAL_BYTES } from './sealed-chunks.js';

/** Left free on the medium: the database, which may lie on it too, must be able to go on when audio no longer fits. */
const RESERVED_BYTES = 256 * 1024 * 1024;

interface OpenedObject {
  file: FileHandle;
  seal: ChunkSeal;
  key: ObjectKey;
  size: number;
  /** The last chunk, when a crash destroyed it in the file but not in the mark. */
  restored: { index: number; plain: Buffer } | null;
}

/**
 * Objects as encrypted files: `<folder>/<first 2 hex digits>/<id>.enc`, laid out as sealed-chunks.ts says, each under its own
 * data key. Beside it `<id>.open` exists only while an append runs or after one died; the next append then heals the file.
 */
export class LocalObjectStore extends ObjectStore {
  /** Appends to one object follow each other; the upload's lease sees to that between processes. */
  private readonly appends = new Map<string, Promise<unknown>>();

  constructor(
    private readonly folder: string,
    private readonly keys: DataKeys,
  ) {
    super();
  }

  async append(id: string, offset: number, source: Readable): Promise<number> {
    requireObjectId(id);
    const before = this.appends.get(id) ?? Promise.resolve();
    const mine = before.then(() => this.appendNow(id, offset, source));
    const settled = mine.catch(() => undefined); // the caller gets the error through `mine`
    this.appends.set(id, settled);
    try {
      return await mine;
    } finally {
      if (this.appends.get(id) === settled) this.appends.delete(id);
    }
  }

  async size(id: string): Promise<number | null> {
    requireObjectId(id);
    const opened = await this.openExisting(id).catch(notFoundIsNull);
    if (!opened) return null;
    try {
      return opened.size;
    } finally {
      await opened.file.close();
    }
  }

  async read(id: string, range?: ByteRange): Promise<Readable> {
    const { file, seal, size, key, restored } = await this.openExisting(id);
    try {
      if (key.sealedBytes !== null && key.sealedBytes !== size) throw new ObjectDamagedError('length');
      if (range && (range.start >= size || range.end < range.start)) throw new RangeError('The range is outside the object');
      const wanted = { start: range?.start ?? 0, end: Math.min(range?.end ?? size, size - 1) };
      return new ChunkReader(file, seal, wanted, restored, async () => (await this.keys.find(id)) !== null);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  async delete(id: string): Promise<void> {
    requireObjectId(id);
    const path = this.pathOf(id);
    await rm(`${path}.enc`, { force: true });
    await rm(`${path}.open`, { force: true });
    await rm(`${path}.open.new`, { force: true });
    await syncFolder(dirname(path)).catch(absentIsNull);
  }

  async requireRoom(bytes: number): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const { bavail, bsize } = await statfs(this.folder);
    if (bavail * bsize < bytes + Math.ceil(bytes / CHUNK_BYTES) * SEAL_BYTES + RESERVED_BYTES) throw new StorageFullError();
  }

  async probe(): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const path = join(this.folder, `.probe-${randomUUID()}`);
    try {
      await writeFile(path, 'x', { flag: 'wx', mode: 0o600 });
    } finally {
      await rm(path, { force: true });
    }
  }

  private async appendNow(id: string, offset: number, source: Readable): Promise<number> {
    const key = await this.requireKey(id);
    const path = this.pathOf(id);
    const file = await this.openForAppend(path, offset);
    try {
      const seal = new ChunkSeal(id, key.key);
      const start = await surveyFile(file, seal, await readMark(`${path}.open`));
      if (start.size !== offset) throw new OffsetConflictError(start.size);
      return await this.write(new ChunkWriter(file, `${path}.open`, seal, start), source);
    } catch (error) {
      throw isFull(error) ? new StorageFullError() : error;
    } finally {
      await file.close();
    }
  }

  /**
   * A source that fails still leaves all that arrived before, durable: that is what a resumed upload goes on from. Not where another writer may
   * be further by now: a chunk that is not full would be written over its full one.
   */
  private async write(writer: ChunkWriter, source: Readable): Promise<number> {
    try {
      await writer.begin();
      const failure = await pour(source, writer);
      if (failure?.error instanceof WriterReplacedError) throw failure.error;
      const size = await writer.finish();
      if (failure) throw failure.error;
      return size;
    } finally {
      await writer.abandon();
      source.destroy();
    }
  }

  private async openForAppend(path: string, offset: number): Promise<FileHandle> {
    try {
      if (offset === 0 && (await mkdir(dirname(path), { recursive: true, mode: 0o700 }))) await syncFolder(this.folder);
      return await open(`${path}.enc`, constants.O_RDWR | constants.O_NOFOLLOW | (offset === 0 ? constants.O_CREAT : 0), 0o600);
    } catch (error) {
      if (absent(error)) throw new OffsetConflictError(0);
      throw isFull(error) ? new StorageFullError() : error;
    }
  }

  /** Opens without changing anything: after a crash the size is what an append would find, and a torn tail is passed over. */
  private async openExisting(id: string): Promise<OpenedObject> {
    requireObjectId(id);
    const key = await this.requireKey(id);
    const path = this.pathOf(id);
    const file = await open(`${path}.enc`, constants.O_RDONLY | constants.O_NOFOLLOW).catch(absentIsNull);
    if (!file) throw new ObjectNotFoundError();
    try {
      const seal = new ChunkSeal(id, key.key);
      const mark = await readMark(`${path}.open`);
      if (!mark) return { file, seal, key, size: await quickSize(file), restored: null };
      const { size, fullChunks, tail, restored } = await surveyFile(file, seal, mark);
      return { file, seal, key, size, restored: restored ? { index: fullChunks, plain: tail } : null };
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  private async requireKey(id: string): Promise<ObjectKey> {
    const key = await this.keys.find(id);
    if (!key) throw new ObjectNotFoundError();
    return key;
  }

  private pathOf(id: string): string {
    return join(this.folder, id.slice(0, 2), id);
  }
}

/** Takes everything that `source` gives and answers the source's own failure, as opposed to the writer's, which is thrown. */
async function pour(source: Readable, writer: ChunkWriter): Promise<{ error: unknown } | null> {
  const parts = source[Symbol.asyncIterator]() as AsyncIterator<Buffer, undefined>;
  for (;;) {
    const step = await parts.next().then((next) => ({ next }), (error: unknown) => ({ error }));
    if ('error' in step) return step;
    if (step.next.done) return null;
    await writer.add(step.next.value);
  }
}

function absent(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

function isFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '');
}

function notFoundIsNull(error: unknown): null {
  if (error instanceof ObjectNotFoundError) return null;
  throw error;
}
