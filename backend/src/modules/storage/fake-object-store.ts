import { Readable } from 'node:stream';
import {
  type ByteRange, ObjectDamagedError, ObjectNotFoundError, ObjectStore, OffsetConflictError, StorageFullError, requireObjectId,
} from './object-store.js';

/** Objects in memory, for tests. `room` is how many more bytes fit; `damage` makes an object unreadable. */
export class FakeObjectStore extends ObjectStore {
  readonly objects = new Map<string, Buffer>();
  private readonly damaged = new Set<string>();
  room = Number.POSITIVE_INFINITY;
  writable = true;

  async append(id: string, offset: number, source: Readable): Promise<number> {
    requireObjectId(id);
    const before = this.objects.get(id) ?? Buffer.alloc(0);
    if (before.length !== offset) throw new OffsetConflictError(before.length);
    this.objects.set(id, before);
    for await (const chunk of source as AsyncIterable<Buffer>) {
      const held = this.objects.get(id);
      if (!held) throw new ObjectNotFoundError();
      this.take(chunk.length);
      this.objects.set(id, Buffer.concat([held, chunk]));
    }
    return this.objects.get(id)?.length ?? 0;
  }

  async size(id: string): Promise<number | null> {
    requireObjectId(id);
    return this.objects.get(id)?.length ?? null;
  }

  async read(id: string, range?: ByteRange): Promise<Readable> {
    requireObjectId(id);
    const held = this.objects.get(id);
    if (!held) throw new ObjectNotFoundError();
    if (this.damaged.has(id)) throw new ObjectDamagedError('chunk');
    if (range && (range.start >= held.length || range.end < range.start)) throw new RangeError('The range is outside the object');
    const part = range ? held.subarray(range.start, range.end + 1) : held;
    return Readable.from(part.length > 0 ? [part] : [], { objectMode: false });
  }

  async delete(id: string): Promise<void> {
    requireObjectId(id);
    this.objects.delete(id);
  }

  async requireRoom(bytes: number): Promise<void> {
    if (bytes > this.room) throw new StorageFullError();
  }

  async probe(): Promise<void> {
    if (!this.writable) throw new Error('The fake store is set to refuse');
  }

  damage(id: string): void {
    this.damaged.add(id);
  }

  private take(bytes: number): void {
    if (bytes > this.room) throw new StorageFullError();
    this.room -= bytes;
  }
}
