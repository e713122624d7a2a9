import { describe, expect, it } from '@jest/globals';
import { seconds } from '../testing/sounds.js';
import { estimateWords } from './word-times.js';

describe('estimateWords', () => {
  it('shares the voiced time by length', () => {
    expect(estimateWords('a bbb', [{ start: seconds(1), end: seconds(4) }])).toEqual([
      { text: 'a', startMs: 1000, endMs: 2000 },
      { text: 'bbb', startMs: 2000, endMs: 4000 },
    ]);
  });

  it('puts no word into a pause', () => {
    const words = estimateWords('one two three four', [{ start: 0, end: seconds(1) }, { start: seconds(3), end: seconds(5) }]);
    let reached = 0;
    for (const { startMs, endMs } of words) {
      expect(startMs).toBeGreaterThanOrEqual(reached);
      expect(endMs).toBeGreaterThan(startMs);
      expect(endMs <= 1000 || startMs >= 3000).toBe(true);
      reached = endMs;
    }
    expect(reached).toBe(5000);
  });

  it('has no words for no text', () => {
    expect(estimateWords('', [{ start: 0, end: seconds(1) }])).toEqual([]);
  });
});
