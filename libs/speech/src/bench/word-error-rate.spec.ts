import { describe, expect, it } from '@jest/globals';
import { normalizeWords, wordErrorRate } from './word-error-rate.js';

describe('normalizeWords', () => {
  it('keeps the words and nothing of how they are written', () => {
    expect(normalizeWords('Mr. Hale said: "Don\u2019t!" \u2014 a shop-boy, na\u00efve.')).toEqual(['mister', 'hale', 'said', 'dont', 'a', 'shop', 'boy', 'naive']);
  });

  it.each([
    ['7', 'seven'],
    ['42', 'forty two'],
    ['305', 'three hundred five'],
    ['1,200', 'one thousand two hundred'],
    ['12345678', 'one two three four five six seven eight'],
  ])('speaks %s as %s', (digits, words) => {
    expect(normalizeWords(digits).join(' ')).toBe(words);
  });
});

describe('wordErrorRate', () => {
  it('is zero for the same words in another dress', () => {
    expect(wordErrorRate('he was twelve and grey', 'He was 12, and gray.').rate).toBe(0);
  });

  it('counts what was changed, left out and added', () => {
    expect(wordErrorRate('one two three four', 'one too three four').errors).toBe(1);
    expect(wordErrorRate('one two three four', 'one three four').errors).toBe(1);
    expect(wordErrorRate('one two three four', 'one two and three four')).toEqual({ rate: 0.25, errors: 1, referenceWords: 4, hypothesisWords: 5 });
  });

  it('tells the number of invented words where nothing was said', () => {
    expect(wordErrorRate('', 'thank you').rate).toBe(2);
  });
});
