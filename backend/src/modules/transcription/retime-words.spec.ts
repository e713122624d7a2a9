import { describe, expect, it } from '@jest/globals';
import { retimeWords } from './retime-words.js';

const before = [{ text: 'one', startMs: 0, endMs: 300 }, { text: 'two', startMs: 400, endMs: 600 }, { text: 'three', startMs: 700, endMs: 1000 }];
const increasing = (words: { startMs: number; endMs: number }[]) =>
  words.every((word, index) => word.startMs <= word.endMs && word.startMs >= (words[index - 1]?.endMs ?? 0));

describe('retimeWords', () => {
  it('spreads a new text over the whole time by word length', () => {
    const words = retimeWords([], 'a bbb', 1000, 2200);
    expect(words).toEqual([{ text: 'a', startMs: 1000, endMs: 1200 }, { text: 'bbb', startMs: 1400, endMs: 2000 }]);
  });

  it.each(['one two three', 'one three', 'two three', 'one two', 'three', 'zero one two three', 'one two three four', 'one one two three', ''])(
    'keeps order and words of %j',
    (text) => {
      const words = retimeWords(before, text, 0, 1000);
      expect(words.map((word) => word.text).join(' ')).toBe(text);
      expect(increasing(words)).toBe(true);
      expect(words.every(({ startMs, endMs }) => startMs >= 0 && endMs <= 1000)).toBe(true);
    },
  );

  it('keeps the times of a doubled word\'s first standing', () => {
    expect(retimeWords(before, 'one one two three', 0, 1000)[0]).toEqual(before[0]);
  });
});
