import type { Readable } from 'node:stream';

/** A part of an object: both ends inclusive, in bytes from 0, as in an HTTP Range header. */
export interface ByteRange {
  start: number;
  end: number;
}

/**
 * Keeps the bytes of recordings. Objects are named by UUIDs, written once by appending and never changed afterwards.
 * Every method rejects an id that is not a UUID with `ObjectNotFoundError`.
 * Adapters pass `describeObjectStore` in object-store.contract.ts.
 */
export abstract class ObjectStore {
  /**
   * Adds all bytes of `source` at the end and answers the new size, once they would survive a power cut.
   * `offset` must be the present size (0 begins a new object), else `OffsetConflictError`.
   * When `source` fails or is cut off, what had arrived is kept, and the source's error is thrown; of a `WriterReplacedError` only what is written already.
   */
  abstract append(id: string, offset: number, source: Readable): Promise<number>;

  /** Bytes that can be read back, or null when there is no such object. */
  abstract size(id: string): Promise<number | null>;

  /**
   * Plain bytes of the whole object, or of `range`, whose end is cut to the object's. Rejects with `ObjectNotFoundError`,
   * or `RangeError` when the range begins behind the end. Bytes that were changed, lost or swapped on the medium make the
   * stream (or this call) fail with `ObjectDamagedError`; they are never handed out. A stream that has begun ends with
   * `ObjectNotFoundError` soon after the object's key was destroyed.
   */
  abstract read(id: string, range?: ByteRange): Promise<Readable>;

  /** Removes the object for good. Removing a missing one is no error. */
  abstract delete(id: string): Promise<void>;

  /** Rejects with `StorageFullError` when it is known already that so many more bytes have no room. */
  abstract requireRoom(bytes: number): Promise<void>;

  /** Rejects when objects cannot be written at present; for the health check. */
  abstract probe(): Promise<void>;
}

export class ObjectNotFoundError extends Error {
  override readonly name = 'ObjectNotFoundError';
  constructor() {
    super('There is no such object');
  }
}

/** What a source ends with when another writer may be at work by now: nothing of what was gathered is written any more. */
export class WriterReplacedError extends Error {
  override readonly name = 'WriterReplacedError';
}

/** `size` is what the object holds, where the caller should have gone on. */
export class OffsetConflictError extends Error {
  override readonly name = 'OffsetConflictError';
  constructor(readonly size: number) {
    super('The offset is not the size of the object');
  }
}

export class ObjectDamagedError extends Error {
  override readonly name = 'ObjectDamagedError';
  constructor(what: 'chunk' | 'length' | 'key') {
    super(`The stored object is damaged: ${what}`);
  }
}

export class StorageFullError extends Error {
  override readonly name = 'StorageFullError';
  constructor() {
    super('The medium that holds objects is full');
  }
}

const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** An id becomes part of a path, so nothing but a lower-case UUID may pass. */
export function isObjectId(id: string): boolean {
  return uuidForm.test(id);
}

export function requireObjectId(id: string): void {
  if (!isObjectId(id)) throw new ObjectNotFoundError();
}
