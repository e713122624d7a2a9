import { describe, expect, it } from '@jest/globals';
import { alignWords, lengthOfBeginning } from './word-alignment.js';

const words = (text: string) => text.split(' ').filter(Boolean);

describe('alignWords', () => {
  it('pairs equal words whatever their case and punctuation', () => {
    expect(alignWords(words('good morning how are you'), words('Good morning, how are you?'))).toEqual([0, 1, 2, 3, 4]);
  });

  it('pairs a changed word with the one it replaces, and an added one with none', () => {
    expect(alignWords(words('good moaning to you'), words('good morning to you again'))).toEqual([0, 1, 2, 3, null]);
  });

  it('leaves out words that are gone', () => {
    expect(alignWords(words('I am am not well'), words('am not well')).slice(1)).toEqual([3, 4]);
  });

  it.each([['', ''], ['a b', ''], ['', 'a b']])('aligns "%s" with "%s"', (from, to) => {
    expect(alignWords(words(from), words(to))).toEqual(words(to).map(() => null));
  });
});

describe('lengthOfBeginning', () => {
  it.each([
    ['I went', 'I went to see', 2],
    ['I am going to', 'I am gonna go home', 4],
    ['the cat', 'a black cat sat', 3],
    ['', 'hello', 0],
    ['hello there', '', 0],
  ])('finds where "%s" ends in "%s"', (beginning, text, length) => {
    expect(lengthOfBeginning(words(beginning), words(text))).toBe(length);
  });
});
