import { describe, expect, it } from '@jest/globals';
import { UnsettledSound, isSilent } from './unsettled-sound.js';

function sound(): UnsettledSound {
  const kept = new UnsettledSound();
  kept.append(10, Int16Array.of(10, 11, 12));
  kept.append(13, Int16Array.of(13, 14));
  kept.append(15, Int16Array.of(15, 16, 17));
  return kept;
}

describe('UnsettledSound', () => {
  it('answers any stretch, over the borders of what came', () => {
    expect([...sound().slice(11, 16)]).toEqual([11, 12, 13, 14, 15]);
    expect([...sound().slice(10, 18)]).toEqual([10, 11, 12, 13, 14, 15, 16, 17]);
  });

  it('makes nothing up', () => {
    expect(() => sound().slice(9, 12)).toThrow('not there');
    expect(() => sound().slice(16, 19)).toThrow('not there');
  });

  it('keeps a part of which something is still needed', () => {
    const kept = sound();
    kept.forgetBefore(14);
    expect([...kept.slice(13, 16)]).toEqual([13, 14, 15]);
    expect(() => kept.slice(12, 14)).toThrow('not there');
    kept.forgetBefore(18);
    expect(() => kept.slice(17, 18)).toThrow('not there');
  });

  it('knows silence', () => {
    expect(isSilent(new Int16Array(100))).toBe(true);
    expect(isSilent(Int16Array.of(0, 0, -1))).toBe(false);
  });
});
