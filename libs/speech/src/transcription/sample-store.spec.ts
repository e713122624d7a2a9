import { describe, expect, it } from '@jest/globals';
import { SampleStore } from './sample-store.js';

describe('SampleStore', () => {
  it('gives stretches over the pieces it was fed, and silence for what it forgot or never had', () => {
    const store = new SampleStore();
    store.append(Float32Array.of(1, 2, 3));
    store.append(Float32Array.of(4, 5));
    expect([...store.slice(1, 4)]).toEqual([2, 3, 4]);
    store.forget(3);
    expect([...store.slice(1, 7)]).toEqual([0, 0, 4, 5, 0, 0]);
    expect(store.end).toBe(5);
  });

  it('keeps a piece as long as one sample of it is needed', () => {
    const store = new SampleStore();
    store.append(Float32Array.of(1, 2, 3));
    store.append(Float32Array.of(4, 5));
    store.forget(2);
    expect([...store.slice(0, 5)]).toEqual([1, 2, 3, 4, 5]);
  });
});
