import { describe, expect, it } from '@jest/globals';
import { fitsTime, hasLoop } from './plausible-text.js';

describe('hasLoop', () => {
  it.each([
    'the the the the the the',
    'thank you. Thank you. Thank you! thank you',
    'and then I went to the shop and then I went to the shop and then I went to the shop',
    'We start well, but so so so so so so so',
  ])('sees the loop in "%s"', (text) => {
    expect(hasLoop(text)).toBe(true);
  });

  it.each([
    '',
    'No, no, no, no, I did not.',
    'It is very, very far, and I was very, very tired, and very cold.',
    'Thank you. Thank you so much. Thank you again.',
    'I said that that is what I said, that is what I said.',
  ])('lets people repeat themselves in "%s"', (text) => {
    expect(hasLoop(text)).toBe(false);
  });
});

describe('fitsTime', () => {
  it('believes a fast reader and refuses an essay in a second', () => {
    expect(fitsTime('x'.repeat(250), 10)).toBe(true);
    expect(fitsTime('x'.repeat(250), 1)).toBe(false);
    expect(fitsTime('Yes.', 0.2)).toBe(true);
  });
});
