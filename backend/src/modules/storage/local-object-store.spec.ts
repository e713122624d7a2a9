import { randomBytes, randomUUID } from 'node:crypto';
import { copyFile, mkdtemp, open, readFile, readdir, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { FakeDataKeys } from './fake-data-keys.js';
import { LocalObjectStore } from './local-object-store.js';
import { ObjectDamagedError, ObjectNotFoundError, StorageFullError, WriterReplacedError } from './object-store.js';
import { describeObjectStore } from './object-store.contract.js';
import { CHUNK_BYTES, RECORD_BYTES, SEAL_BYTES } from './sealed-chunks.js';

const root = await mkdtemp(join(tmpdir(), 'auscult-store-'));
afterAll(() => rm(root, { recursive: true }));
const newFolder = () => mkdtemp(join(root, 'case-'));

describeObjectStore('LocalObjectStore', async () => new LocalObjectStore(await newFolder(), new FakeDataKeys()));

describe('LocalObjectStore', () => {
  let folder: string;
  let keys: FakeDataKeys;
  let store: LocalObjectStore;
  const id = randomUUID();
  const other = randomUUID();
  const fileOf = (object: string, ending = 'enc') => join(folder, object.slice(0, 2), `${object}.${ending}`);
  const put = (object: string, bytes: Buffer, offset = 0) => store.append(object, offset, Readable.from([bytes], { objectMode: false }));
  const get = async (object = id, range?: { start: number; end: number }) => buffer(await store.read(object, range));
  const overwrite = async (object: string, position: number, bytes: Buffer) => {
    const file = await open(fileOf(object), 'r+');
    await file.write(bytes, 0, bytes.length, position);
    await file.close();
  };

  beforeEach(async () => {
    folder = await newFolder();
    keys = new FakeDataKeys();
    store = new LocalObjectStore(folder, keys);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('writes no plain byte to disk, and the same audio differently each time', async () => {
    const bytes = Buffer.alloc(200_000, 'what the patient said ');
    await put(id, bytes);
    await put(other, bytes);
    const [mine, theirs] = [await readFile(fileOf(id)), await readFile(fileOf(other))];
    expect(mine.includes('patient')).toBe(false);
    expect(mine.length).toBe(200_000 + 4 * SEAL_BYTES);
    expect(mine.subarray(12, 100).equals(theirs.subarray(12, 100))).toBe(false);
    expect(await readdir(join(folder, id.slice(0, 2)))).toContain(`${id}.enc`);
    expect((await stat(fileOf(id))).mode & 0o777).toBe(0o600);
    await expect(stat(fileOf(id, 'open'))).rejects.toThrow();
  });

  it('cannot be read any more once the key is gone, though the file is still there', async () => {
    await put(id, randomBytes(1_000));
    keys.forget(id);
    await expect(store.read(id)).rejects.toThrow(ObjectNotFoundError);
    expect(await store.size(id)).toBeNull();
  });

  it('ends a stream that has begun soon after the key is gone', async () => {
    await put(id, randomBytes(40 * CHUNK_BYTES));
    const stream = await store.read(id);
    let given = 0;
    const readOn = async () => {
      for await (const part of stream as AsyncIterable<Buffer>) {
        if (given === 0) keys.forget(id);
        given += part.length;
      }
    };
    await expect(readOn()).rejects.toThrow(ObjectNotFoundError);
    expect(given).toBeLessThanOrEqual(16 * CHUNK_BYTES);
  });

  it('writes nothing of what it had gathered over what another writer has written since', async () => {
    const bytes = randomBytes(CHUNK_BYTES + 1_000);
    await put(id, bytes.subarray(0, 500));
    const process2 = new LocalObjectStore(folder, keys);
    async function* standsStill() {
      yield bytes.subarray(500, 600);
      await process2.append(id, 500, Readable.from([bytes.subarray(500)], { objectMode: false }));
      throw new WriterReplacedError();
    }
    await expect(store.append(id, 500, Readable.from(standsStill()))).rejects.toThrow(WriterReplacedError);
    expect((await get()).equals(bytes)).toBe(true);
  });

  describe('tampering', () => {
    const bytes = randomBytes(3 * CHUNK_BYTES + 500);
    beforeEach(async () => {
      await put(id, bytes);
      keys.finish(id, bytes.length);
    });

    it.each([['nonce', 3], ['text', 5_000], ['tag', RECORD_BYTES - 1], ['last chunk', 3 * RECORD_BYTES + 40]])('in the %s is noticed', async (_part, position) => {
      const present = (await readFile(fileOf(id)))[position] ?? 0;
      await overwrite(id, position, Buffer.of(present ^ 1));
      await expect(get()).rejects.toThrow(ObjectDamagedError);
    });

    it('in one chunk leaves the others readable', async () => {
      await overwrite(id, RECORD_BYTES + 100, Buffer.from('x'));
      expect((await get(id, { start: 0, end: CHUNK_BYTES - 1 })).equals(bytes.subarray(0, CHUNK_BYTES))).toBe(true);
      await expect(get(id, { start: CHUNK_BYTES - 1, end: CHUNK_BYTES })).rejects.toThrow(ObjectDamagedError);
    });

    it('by swapping two chunks is noticed', async () => {
      const file = await readFile(fileOf(id));
      await overwrite(id, 0, file.subarray(RECORD_BYTES, 2 * RECORD_BYTES));
      await overwrite(id, RECORD_BYTES, file.subarray(0, RECORD_BYTES));
      await expect(get()).rejects.toThrow(ObjectDamagedError);
    });

    it('by putting the file of another object in its place is noticed', async () => {
      await put(other, randomBytes(bytes.length));
      await copyFile(fileOf(other), fileOf(id));
      await expect(get()).rejects.toThrow(ObjectDamagedError);
    });

    it.each([['in a chunk', 2 * RECORD_BYTES + 50], ['between chunks', 2 * RECORD_BYTES], ['to nothing', 0]])('by shortening it %s is noticed', async (_where, length) => {
      await truncate(fileOf(id), length);
      await expect(store.read(id)).rejects.toThrow(ObjectDamagedError);
    });

    it('by adding chunks is noticed', async () => {
      const file = await readFile(fileOf(id));
      await overwrite(id, file.length, file.subarray(0, RECORD_BYTES));
      await expect(store.read(id)).rejects.toThrow(ObjectDamagedError);
    });

    it('by a link to another file is refused', async () => {
      await rm(fileOf(id));
      await symlink('/etc/hostname', fileOf(id));
      await expect(store.read(id)).rejects.toMatchObject({ code: 'ELOOP' });
      await expect(put(id, randomBytes(1))).rejects.toMatchObject({ code: 'ELOOP' });
    });
  });

  describe('after a crash', () => {
    const start = randomBytes(CHUNK_BYTES + 1_000);
    const more = randomBytes(5 * CHUNK_BYTES);

    /** The disk as it is in the middle of an append: `written` bytes of the file that the whole append would have made. */
    const crashAt = async (written: number) => {
      await put(id, start);
      const before = await readFile(fileOf(id));
      let mark = Buffer.alloc(0);
      const source = Readable.from((async function* () {
        yield more.subarray(0, 10);
        mark = await readFile(fileOf(id, 'open'));
        yield more.subarray(10);
      })(), { objectMode: false });
      await store.append(id, start.length, source);
      const after = await readFile(fileOf(id));
      // What the append overwrites comes first, then the old bytes that it had not reached yet.
      await writeFile(fileOf(id), Buffer.concat([after.subarray(0, written), before.subarray(written)]));
      await writeFile(fileOf(id, 'open'), mark);
    };

    it.each([
      ['before the first write', 0, start.length],
      ['inside the chunk that was partial before', RECORD_BYTES + 700, start.length],
      ['just behind that chunk', 2 * RECORD_BYTES, 2 * CHUNK_BYTES],
      ['inside a later chunk', 3 * RECORD_BYTES + 9_000, 3 * CHUNK_BYTES],
      ['inside a nonce', 4 * RECORD_BYTES + 5, 4 * CHUNK_BYTES],
    ])('%s, the acknowledged bytes are there and the upload goes on', async (_when, written, size) => {
      await crashAt(written);
      const all = Buffer.concat([start, more]);
      expect(await store.size(id)).toBe(size);
      expect((await get()).equals(all.subarray(0, size))).toBe(true);
      expect(await put(id, all.subarray(size), size)).toBe(all.length);
      expect((await get()).equals(all)).toBe(true);
      await expect(stat(fileOf(id, 'open'))).rejects.toThrow();
    });

    it('a page that the disk never wrote ends the object there', async () => {
      await crashAt(Number.MAX_SAFE_INTEGER);
      await overwrite(id, 3 * RECORD_BYTES + 4_096, Buffer.alloc(4_096));
      expect(await store.size(id)).toBe(3 * CHUNK_BYTES);
      const all = Buffer.concat([start, more]);
      await put(id, all.subarray(3 * CHUNK_BYTES), 3 * CHUNK_BYTES);
      expect((await get()).equals(all)).toBe(true);
    });

    it('an empty restart keeps a tail that only the mark holds', async () => {
      await crashAt(RECORD_BYTES + 700);
      expect(await put(id, Buffer.alloc(0), start.length)).toBe(start.length);
      expect((await get()).equals(start)).toBe(true);
    });

    it('a mark of an append that never began is harmless', async () => {
      await put(id, start);
      await writeFile(fileOf(id, 'open'), '');
      expect(await store.size(id)).toBe(start.length);
    });
  });

  it('moves the mark on while a long append runs, so that little is searched after a crash', async () => {
    const marks: number[] = [];
    await store.append(id, 0, Readable.from((async function* () {
      for (let part = 0; part < 150; part++) {
        yield Buffer.alloc(1_048_576);
        marks.push(Number((await readFile(fileOf(id, 'open'))).readBigUInt64BE(0)));
      }
    })(), { objectMode: false }));
    expect(marks.at(0)).toBe(0);
    expect(marks.at(-1)).toBe(2_048);
    expect(await store.size(id)).toBe(150 * 1_048_576);
  });

  describe('on a full disk', () => {
    const failWrites = async (after: number) => {
      const file = await open(join(folder, 'probe'), 'w');
      const prototype = Object.getPrototypeOf(file) as typeof file;
      await file.close();
      const write = prototype.write;
      let left = after;
      jest.spyOn(prototype, 'write').mockImplementation(function (this: typeof file, ...given: unknown[]) {
        if (left-- <= 0) return Promise.reject(Object.assign(new Error('no space left'), { code: 'ENOSPC' }));
        return (write as (...all: unknown[]) => ReturnType<typeof write>).apply(this, given);
      });
    };

    it('says so, keeps what was acknowledged, and goes on once there is room', async () => {
      const bytes = randomBytes(4_000_000);
      await put(id, bytes.subarray(0, 100_000));
      await failWrites(1);
      await expect(put(id, bytes.subarray(100_000), 100_000)).rejects.toThrow(StorageFullError);
      jest.restoreAllMocks();
      const kept = (await store.size(id)) ?? 0;
      expect(kept).toBeGreaterThanOrEqual(100_000);
      await put(id, bytes.subarray(kept), kept);
      expect((await get()).equals(bytes)).toBe(true);
    });

    it('refuses what surely has no room before it takes a byte', async () => {
      await expect(store.requireRoom(Number.MAX_SAFE_INTEGER)).rejects.toThrow(StorageFullError);
    });
  });

  it('does the appends to one object one after the other', async () => {
    const [first, second] = [randomBytes(100_000), randomBytes(100_000)];
    const results = await Promise.allSettled([put(id, first), put(id, second)]);
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected']);
    expect((await get()).equals(first)).toBe(true);
  });

  it('closes the file of a stream that nobody reads', async () => {
    await put(id, randomBytes(300_000));
    const stream = await store.read(id);
    const closed = new Promise((resolve) => stream.once('close', resolve));
    stream.destroy();
    await closed;
    expect(stream.errored).toBeNull();
  });

  it('is not healthy where it cannot write', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(new LocalObjectStore(join(folder, 'file'), keys).probe()).rejects.toThrow();
    await store.probe();
    expect(await readdir(folder)).toEqual(['file']);
  });
});
