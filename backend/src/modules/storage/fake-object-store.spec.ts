import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { FakeObjectStore } from './fake-object-store.js';
import { ObjectDamagedError, StorageFullError } from './object-store.js';
import { describeObjectStore } from './object-store.contract.js';

describeObjectStore('FakeObjectStore', async () => new FakeObjectStore());

describe('FakeObjectStore', () => {
  it('can be full, damaged and read-only', async () => {
    const store = new FakeObjectStore();
    const id = randomUUID();
    store.room = 3;
    await expect(store.requireRoom(4)).rejects.toThrow(StorageFullError);
    await expect(store.append(id, 0, Readable.from([Buffer.alloc(4)]))).rejects.toThrow(StorageFullError);
    store.damage(id);
    await expect(store.read(id)).rejects.toThrow(ObjectDamagedError);
    store.writable = false;
    await expect(store.probe()).rejects.toThrow();
  });
});
