import { randomBytes, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { ObjectNotFoundError, ObjectStore, OffsetConflictError } from './object-store.js';

const bytesOf = (bytes: Buffer, step = 10_000): Readable => {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += step) parts.push(bytes.subarray(at, at + step));
  return Readable.from(parts, { objectMode: false });
};

async function* failingAfter(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
  throw new Error('the client went away');
}

/** What every adapter of `ObjectStore` must do. `create` answers an empty store. */
export function describeObjectStore(name: string, create: () => Promise<ObjectStore>): void {
  describe(`${name} as an ObjectStore`, () => {
    let store: ObjectStore;
    const id = randomUUID();
    const whole = async (range?: { start: number; end: number }) => buffer(await store.read(id, range));
    // Around 64 KiB and 1 MiB, where adapters have their seams, and far beyond.
    const lengths = [1, 27, 65_535, 65_536, 65_537, 131_072, 1_048_576, 1_048_577, 3_000_000];

    beforeEach(async () => {
      store = await create();
    });

    it.each(lengths)('gives %i bytes back as they came', async (length) => {
      const bytes = randomBytes(length);
      expect(await store.append(id, 0, bytesOf(bytes))).toBe(length);
      expect(await store.size(id)).toBe(length);
      expect((await whole()).equals(bytes)).toBe(true);
    });

    it.each([[1, 1, 1], [65_535, 1, 1], [65_536, 65_536, 5], [100_000, 100_000, 100_000], [5, 2_000_000, 7], [1_048_570, 10, 70_000]])(
      'grows by parts of %i, %i and %i bytes', async (...parts) => {
        const bytes = randomBytes(parts.reduce((sum, part) => sum + part));
        let at = 0;
        for (const part of parts) {
          expect(await store.append(id, at, bytesOf(bytes.subarray(at, at + part)))).toBe(at + part);
          at += part;
          expect(await store.size(id)).toBe(at);
        }
        expect((await whole()).equals(bytes)).toBe(true);
      });

    it.each([[0, 0], [0, 9], [65_535, 65_536], [65_536, 65_536], [70_000, 299_999], [131_071, 131_072], [299_999, 299_999], [299_990, 999_999]])(
      'reads the bytes %i to %i', async (start, end) => {
        const bytes = randomBytes(300_000);
        await store.append(id, 0, bytesOf(bytes));
        expect((await whole({ start, end })).equals(bytes.subarray(start, end + 1))).toBe(true);
      });

    it('refuses a range that begins behind the end or runs backwards', async () => {
      await store.append(id, 0, bytesOf(randomBytes(10)));
      await expect(store.read(id, { start: 10, end: 12 })).rejects.toThrow(RangeError);
      await expect(store.read(id, { start: 5, end: 4 })).rejects.toThrow(RangeError);
    });

    it('holds an object of no bytes', async () => {
      expect(await store.append(id, 0, Readable.from([]))).toBe(0);
      expect(await store.size(id)).toBe(0);
      expect(await whole()).toHaveLength(0);
    });

    it('appends nothing to an object and leaves it as it was', async () => {
      const bytes = randomBytes(70_000);
      await store.append(id, 0, bytesOf(bytes));
      expect(await store.append(id, 70_000, Readable.from([]))).toBe(70_000);
      expect((await whole()).equals(bytes)).toBe(true);
    });

    it('refuses to append anywhere but at the end, and says where that is', async () => {
      const bytes = randomBytes(100);
      await expect(store.append(id, 5, bytesOf(bytes))).rejects.toMatchObject({ size: 0 });
      await store.append(id, 0, bytesOf(bytes));
      for (const offset of [0, 99, 101]) {
        const refused = store.append(id, offset, bytesOf(bytes));
        await expect(refused).rejects.toThrow(OffsetConflictError);
        await expect(refused).rejects.toMatchObject({ size: 100 });
      }
      expect((await whole()).equals(bytes)).toBe(true);
    });

    it('keeps what had arrived when the source fails, and goes on from there', async () => {
      const bytes = randomBytes(200_000);
      await expect(store.append(id, 0, Readable.from(failingAfter(bytes.subarray(0, 150_000)), { objectMode: false }))).rejects.toThrow('the client went away');
      expect(await store.size(id)).toBe(150_000);
      await store.append(id, 150_000, bytesOf(bytes.subarray(150_000)));
      expect((await whole()).equals(bytes)).toBe(true);
    });

    it('takes a source that is destroyed without an error for a broken one', async () => {
      const source = new Readable({ read: () => source.destroy() });
      await expect(store.append(id, 0, source)).rejects.toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' });
      expect((await store.size(id)) ?? 0).toBe(0);
    });

    it('does not know what was never stored', async () => {
      expect(await store.size(id)).toBeNull();
      await expect(store.read(id)).rejects.toThrow(ObjectNotFoundError);
    });

    it('forgets what is deleted, also when it is deleted twice', async () => {
      await store.append(id, 0, bytesOf(randomBytes(100)));
      await store.delete(id);
      await store.delete(id);
      expect(await store.size(id)).toBeNull();
      await expect(store.read(id)).rejects.toThrow(ObjectNotFoundError);
    });

    it('keeps objects apart', async () => {
      const other = randomUUID();
      const [mine, theirs] = [randomBytes(80_000), randomBytes(90_000)];
      await Promise.all([store.append(id, 0, bytesOf(mine)), store.append(other, 0, bytesOf(theirs))]);
      await store.delete(other);
      expect((await whole()).equals(mine)).toBe(true);
    });

    it.each(['', '..', '../../etc/passwd', 'x'.repeat(36), '00000000-0000-4000-8000-00000000000/', '00000000-0000-4000-8000-00000000000A\0'])(
      'refuses the id %j', async (wrong) => {
        await expect(store.append(wrong, 0, bytesOf(randomBytes(10)))).rejects.toThrow(ObjectNotFoundError);
        await expect(store.size(wrong)).rejects.toThrow(ObjectNotFoundError);
        await expect(store.read(wrong)).rejects.toThrow(ObjectNotFoundError);
        await expect(store.delete(wrong)).rejects.toThrow(ObjectNotFoundError);
      });

    it('can be asked for its health and for room', async () => {
      await expect(store.probe()).resolves.toBeUndefined();
      await expect(store.requireRoom(1)).resolves.toBeUndefined();
    });
  });
}
