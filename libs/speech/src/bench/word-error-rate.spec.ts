import { describe, expect, it } from '@jest/globals';
import { comparableWords, wordErrorRate } from './word-error-rate.js';

describe('comparableWords', () => {
  it('forgives case, punctuation, hyphens and titles only', () => {
    expect(comparableWords('Mr. Hale\u2019s shop-boy, "well"! took 10 minims')).toEqual(['mister', "hale's", 'shop', 'boy', 'well', 'took', 'ten', 'minims']);
  });
});

describe('wordErrorRate', () => {
  it('is nothing for the same words', () => {
    expect(wordErrorRate('ask not what', 'Ask not, what?')).toBe(0);
  });

  it('counts a wrong, a missing and an invented word once each', () => {
    expect(wordErrorRate('a b c d', 'a x c d')).toBe(0.25);
    expect(wordErrorRate('a b c d', 'a c d')).toBe(0.25);
    expect(wordErrorRate('a b c d', 'a b b c d')).toBe(0.25);
  });

  it('counts everything that was written where nothing was said', () => {
    expect(wordErrorRate('', 'thank you')).toBe(2);
  });
});
