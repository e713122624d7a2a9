import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { FakeObjectStore } from '../storage/index.js';
import { StoredAudioSource } from './stored-audio-source.js';

const id = '018f4e3a-0000-7000-8000-000000000001';
const MIB = 1024 * 1024;

async function sourceOf(size: number) {
  const store = new FakeObjectStore();
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < size; at += 997) bytes[at] = at % 251;
  await store.append(id, 0, Readable.from([bytes]));
  let requests = 0;
  const read = store.read.bind(store);
  store.read = (...given) => {
    requests += 1;
    return read(...given);
  };
  return { source: new StoredAudioSource({ sizeBytes: size, read: (range) => store.read(id, range) }), bytes, store, requests: () => requests };
}

describe('StoredAudioSource', () => {
  it('reads any part, also over the border of blocks and up to the end', async () => {
    const { source, bytes } = await sourceOf(3 * MIB + 123);
    for (const [start, length] of [[0, 10], [MIB - 5, 10], [MIB - 5, 2 * MIB], [3 * MIB + 100, 1000], [0, 4 * MIB]] as const) {
      expect(Buffer.from(await source.read(start, length)).equals(bytes.subarray(start, start + length))).toBe(true);
    }
    expect(await source.read(4 * MIB, 10)).toHaveLength(0);
  });

  it('asks the store once for each block when it is read from start to end', async () => {
    const { source, requests } = await sourceOf(6 * MIB);
    for (let at = 0; at < 6 * MIB; at += 64 * 1024) await source.read(at, 64 * 1024);
    expect(requests()).toBe(6);
  });

  it('hands on what the store cannot give, and tries again when asked again', async () => {
    const { source, store } = await sourceOf(MIB);
    const read = store.read;
    store.read = () => Promise.reject(new Error('the store is away'));
    await expect(source.read(0, 10)).rejects.toThrow('away');
    store.read = read;
    expect(await source.read(0, 10)).toHaveLength(10);
  });
});
