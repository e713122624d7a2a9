import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { FramesDamagedError, SealedFrames } from './sealed-frames.js';

const seal = new SealedFrames(Buffer.alloc(32, 1));
const recording = randomUUID();
const audio = randomBytes(3200);

describe('sealed frames', () => {
  it('open to what they were', () => {
    expect(seal.open(recording, 5, seal.seal(recording, 5, audio)).equals(audio)).toBe(true);
  });

  it('are never the same twice', () => {
    expect(seal.seal(recording, 5, audio).equals(seal.seal(recording, 5, audio))).toBe(false);
  });

  it('do not open at another place, in another recording, with another key, or when a bit has changed', () => {
    const sealed = seal.seal(recording, 5, audio);
    expect(() => seal.open(recording, 6, sealed)).toThrow(FramesDamagedError);
    expect(() => seal.open(randomUUID(), 5, sealed)).toThrow(FramesDamagedError);
    expect(() => new SealedFrames(Buffer.alloc(32, 2)).open(recording, 5, sealed)).toThrow(FramesDamagedError);
    for (const at of [0, 12, 500, sealed.length - 1]) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => seal.open(recording, 5, changed)).toThrow(FramesDamagedError);
    }
    for (const length of [0, 28, sealed.length - 1]) expect(() => seal.open(recording, 5, sealed.subarray(0, length))).toThrow(FramesDamagedError);
  });
});
