import { describe, expect, it } from '@jest/globals';
import { wordsOutside } from './words-outside.js';

const words = ['one', 'two', 'three', 'four'].map((text, at) => ({ text, startMs: at * 100, endMs: at * 100 + 100 }));
const spoken = { text: 'one two three four', words, wordTiming: 'engine' as const };
const heard = { startMs: 0, endMs: 400 };

describe('wordsOutside', () => {
  it('drops the words inside, and those that reach into the stretch', () => {
    expect(wordsOutside(spoken, heard, { fromMs: 100, untilMs: 300 })).toEqual({ text: 'one four', words: [words[0], words[3]] });
    expect(wordsOutside(spoken, heard, { fromMs: 199, untilMs: 201 })).toEqual({ text: 'one four', words: [words[0], words[3]] });
    expect(wordsOutside(spoken, heard, { fromMs: 0, untilMs: 1000 })).toEqual({ text: '', words: [] });
  });

  it('drops a word without length that stands at the begin of the stretch', () => {
    const word = { text: 'um', startMs: 100, endMs: 100 };
    expect(wordsOutside({ text: 'um', words: [word], wordTiming: 'engine' }, heard, { fromMs: 100, untilMs: 200 })).toEqual({ text: '', words: [] });
    expect(wordsOutside({ text: 'um', words: [word], wordTiming: 'engine' }, heard, { fromMs: 0, untilMs: 100 })).toBeNull();
  });

  it('leaves what was said outside as it is, and a text that is empty', () => {
    expect(wordsOutside(spoken, heard, { fromMs: 400, untilMs: 500 })).toBeNull();
    expect(wordsOutside({ text: '', words: [], wordTiming: 'engine' }, heard, { fromMs: 0, untilMs: 500 })).toBeNull();
  });

  it('drops a text of which it cannot tell when its words were said', () => {
    expect(wordsOutside({ text: 'no times', words: [], wordTiming: 'engine' }, heard, { fromMs: 0, untilMs: 500 })).toEqual({ text: '', words: [] });
  });

  /** 55 s to 65 s: three slow words until 60 s, then fifteen fast ones. Their times share the ten seconds by their letters. */
  const estimated = Array.from({ length: 18 }, (_, at) => ({ text: `wd${10 + at}`, startMs: 55_000 + Math.round((at * 10_000) / 18), endMs: 55_000 + Math.round(((at + 1) * 10_000) / 18) }));
  const uneven = { text: estimated.map(({ text }) => text).join(' '), words: estimated, wordTiming: 'estimated' as const };
  const slow = { startMs: 55_000, endMs: 65_000 };

  it('drops the words at a border that cuts an utterance, where their times are estimated', () => {
    expect(wordsOutside(uneven, slow, { fromMs: 60_000, untilMs: 120_000 })?.words).toEqual(estimated.slice(0, 3));
    expect(wordsOutside(uneven, slow, { fromMs: 0, untilMs: 60_000 })?.words).toEqual(estimated.slice(15));
    expect(wordsOutside({ ...uneven, wordTiming: 'engine' }, slow, { fromMs: 60_000, untilMs: 120_000 })?.words).toEqual(estimated.slice(0, 9));
  });

  it('leaves an utterance whole that ends or begins at the border', () => {
    expect(wordsOutside(uneven, slow, { fromMs: 65_000, untilMs: 120_000 })).toBeNull();
    expect(wordsOutside(uneven, slow, { fromMs: 0, untilMs: 55_000 })).toBeNull();
  });
});
