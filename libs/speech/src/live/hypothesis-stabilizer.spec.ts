import { describe, expect, it } from '@jest/globals';
import { HypothesisStabilizer } from './hypothesis-stabilizer.js';

const HALF_A_SECOND = 8_000;

/** Hypotheses that come half a second apart. */
function shown(...hypotheses: string[]) {
  const stabilizer = new HypothesisStabilizer();
  return hypotheses.map((each, at) => stabilizer.add(each, at * HALF_A_SECOND));
}

describe('HypothesisStabilizer', () => {
  it('makes words firm that three hypotheses agree on, but not the last one', () => {
    expect(shown('I feel', 'I feel a', 'I feel a lot')).toEqual([
      { firm: '', tentative: 'I feel' }, { firm: '', tentative: 'I feel a' }, { firm: 'I feel', tentative: 'a lot' },
    ]);
  });

  it('waits until hypotheses that come fast have agreed for a second', () => {
    const stabilizer = new HypothesisStabilizer();
    const told = Array.from({ length: 6 }, (_, at) => stabilizer.add('I feel a lot', at * 3_200).firm);
    expect(told).toEqual(['', '', '', '', '', 'I feel a']);
  });

  it('begins to count anew where hypotheses differ', () => {
    const stabilizer = new HypothesisStabilizer();
    const said = ['a cat', 'a cat', 'a cart', 'a cart', 'a cart', 'a cart ran', 'a cart ran', 'a cart ran', 'a cart ran'];
    expect(said.map((each, at) => stabilizer.add(each, at * 3_200).firm)).toEqual(['', '', '', '', '', 'a', 'a', 'a cart', 'a cart']);
  });

  it('never changes a firm word, whatever is heard later', () => {
    const told = shown('a good day', 'a good day for', 'a good day for it', 'a bad day for it to', 'a bad day for it to rain', 'the bad day for it to rain today', '');
    for (let i = 1; i < told.length; i += 1) expect(told[i]?.firm.startsWith(told[i - 1]?.firm ?? '')).toBe(true);
    expect(told.at(-2)).toEqual({ firm: 'a good day for it to', tentative: 'rain today' });
  });

  it('takes differences of case and punctuation for agreement', () => {
    expect(shown('well I', 'Well, I think', 'Well. I think so').at(-1)?.firm).toBe('Well. I');
  });

  it('goes on behind firm words that a later hypothesis says otherwise', () => {
    const told = shown('going to be', 'going to be fine', 'going to be fine we', 'gonna be fine we think', 'gonna be fine we think so', 'gonna be fine we think so too');
    expect(told.at(-1)).toEqual({ firm: 'going to be fine we think', tentative: 'so too' });
  });
});
