import { type FileHandle, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ObjectDamagedError } from './object-store.js';
import { CHUNK_BYTES, type ChunkSeal, RECORD_BYTES, plainSize } from './sealed-chunks.js';

/**
 * Where an append began: kept in `<id>.open` while an append runs, so that whoever comes after a crash knows from which chunk
 * on the file may be torn. `record` is a copy of the last, partial chunk, which the append overwrites in place.
 */
export interface AppendMark {
  index: number;
  record: Buffer;
}

/** What a file holds for certain: `fullChunks` whole chunks and then the `tail`, plain bytes of a last, shorter one. */
export interface Extent {
  fullChunks: number;
  tail: Buffer;
  size: number;
  /** True when the tail was lost in the file and comes from the mark. */
  restored: boolean;
}

/** Reads the record of chunk `index`, shorter at the file's end. */
export async function readRecord(file: FileHandle, index: number): Promise<Buffer> {
  const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(RECORD_BYTES), 0, RECORD_BYTES, index * RECORD_BYTES);
  return buffer.subarray(0, bytesRead);
}

/**
 * Finds the bytes that can be trusted. Without a mark the last append ended well and only its tail is opened; with one every
 * chunk from the mark on is, and the first that does not open ends the object.
 */
export async function surveyFile(file: FileHandle, seal: ChunkSeal, mark: AppendMark | null): Promise<Extent> {
  if (mark) return surveyAfterCrash(file, seal, mark);
  const { size } = await file.stat();
  const fullChunks = Math.floor(size / RECORD_BYTES);
  if (size % RECORD_BYTES === 0) return extent(fullChunks, Buffer.alloc(0), false);
  const tail = seal.open(fullChunks, await readRecord(file, fullChunks));
  if (!tail) throw new ObjectDamagedError('chunk');
  return extent(fullChunks, tail, false);
}

async function surveyAfterCrash(file: FileHandle, seal: ChunkSeal, mark: AppendMark): Promise<Extent> {
  for (let index = mark.index; ; index++) {
    const plain = seal.open(index, await readRecord(file, index));
    if (plain?.length === CHUNK_BYTES) continue;
    if (plain) return extent(index, plain, false);
    if (index > mark.index || mark.record.length === 0) return extent(index, Buffer.alloc(0), false);
    const tail = seal.open(index, mark.record);
    if (!tail) throw new ObjectDamagedError('chunk');
    return extent(index, tail, true);
  }
}

function extent(fullChunks: number, tail: Buffer, restored: boolean): Extent {
  return { fullChunks, tail, size: fullChunks * CHUNK_BYTES + tail.length, restored };
}

/** The size of a file whose last append ended well, without opening any chunk. */
export async function quickSize(file: FileHandle): Promise<number> {
  return plainSize((await file.stat()).size);
}

export async function readMark(path: string): Promise<AppendMark | null> {
  const bytes = await readFile(path).catch(absentIsNull);
  if (!bytes || bytes.length < 8) return null;
  return { index: Number(bytes.readBigUInt64BE(0)), record: bytes.subarray(8) };
}

/** Durable before it answers: only then may the append touch the file. */
export async function writeMark(path: string, mark: AppendMark): Promise<void> {
  const index = Buffer.alloc(8);
  index.writeBigUInt64BE(BigInt(mark.index));
  const file = await open(`${path}.new`, 'w', 0o600);
  try {
    await file.writeFile(Buffer.concat([index, mark.record]));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
  await syncFolder(dirname(path));
}

export async function removeMark(path: string): Promise<void> {
  await rm(path, { force: true });
  await syncFolder(dirname(path));
}

/** A new name is durable only when its folder is (fsync(2)). */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

export function absentIsNull(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}

