import { describe, expect, it } from '@jest/globals';
import { refinedTexts } from './refined-texts.js';

describe('refinedTexts', () => {
  it('gives every word to the utterance that it was said in', () => {
    expect(refinedTexts(['How did you sleep?', 'Not very whale.'], 'How did you sleep? Not very well.')).toEqual(['How did you sleep?', 'Not very well.']);
  });

  it('gives a word that nobody said before to the utterance of the word before it', () => {
    expect(refinedTexts(['we met', 'in May'], 'we met again in late May')).toEqual(['we met again', 'in late May']);
  });

  it('gives a word at the very beginning to the first utterance that has words', () => {
    expect(refinedTexts(['', 'met again', 'in May'], 'we met again in May')).toEqual(['', 'we met again', 'in May']);
  });

  it('keeps an utterance that is missing in the whole', () => {
    expect(refinedTexts(['It hurts here.', 'Yes.', 'And at night?'], 'It hurts here, and at night?')).toEqual(['It hurts here,', 'Yes.', 'and at night?']);
  });

  it('keeps everything where the whole was heard as nothing', () => {
    expect(refinedTexts(['one', 'two'], '')).toEqual(['one', 'two']);
    expect(refinedTexts(['', ''], 'one')).toEqual(['', '']);
  });
});
