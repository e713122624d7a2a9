import { describe, expect, it } from '@jest/globals';
import { wordsOutside } from './words-outside.js';

const words = ['one', 'two', 'three', 'four'].map((text, at) => ({ text, startMs: at * 100, endMs: at * 100 + 100 }));
const spoken = { text: 'one two three four', words };

describe('wordsOutside', () => {
  it('drops the words inside, and those that reach into the stretch', () => {
    expect(wordsOutside(spoken, { fromMs: 100, untilMs: 300 })).toEqual({ text: 'one four', words: [words[0], words[3]] });
    expect(wordsOutside(spoken, { fromMs: 199, untilMs: 201 })).toEqual({ text: 'one four', words: [words[0], words[3]] });
    expect(wordsOutside(spoken, { fromMs: 0, untilMs: 1000 })).toEqual({ text: '', words: [] });
  });

  it('drops a word without length that stands at the begin of the stretch', () => {
    const word = { text: 'um', startMs: 100, endMs: 100 };
    expect(wordsOutside({ text: 'um', words: [word] }, { fromMs: 100, untilMs: 200 })).toEqual({ text: '', words: [] });
    expect(wordsOutside({ text: 'um', words: [word] }, { fromMs: 0, untilMs: 100 })).toBeNull();
  });

  it('leaves what was said outside as it is, and a text that is empty', () => {
    expect(wordsOutside(spoken, { fromMs: 400, untilMs: 500 })).toBeNull();
    expect(wordsOutside({ text: '', words: [] }, { fromMs: 0, untilMs: 500 })).toBeNull();
  });

  it('drops a text of which it cannot tell when its words were said', () => {
    expect(wordsOutside({ text: 'no times', words: [] }, { fromMs: 0, untilMs: 500 })).toEqual({ text: '', words: [] });
  });
});
