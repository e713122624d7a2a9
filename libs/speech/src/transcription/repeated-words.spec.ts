import { describe, expect, it } from '@jest/globals';
import { withoutCopies } from './repeated-words.js';

function heard(text: string, startMs: number, louderBy: number) {
  const words = text.split(' ').map((word, i) => ({ text: word, startMs: startMs + i * 300, endMs: startMs + i * 300 + 280 }));
  return { words, louderBy: () => louderBy };
}
const textOf = (words: readonly { text: string }[]) => words.map(({ text }) => text).join(' ');

describe('withoutCopies', () => {
  const other = heard('how did you sleep last night', 1000, 10);

  it('removes the quieter copy and keeps the own words', () => {
    const own = heard('Well, how did you sleep last night? Badly.', 700, -10);
    expect(textOf(withoutCopies(own, other, 'engine'))).toBe('Well, Badly.');
  });

  it('keeps the louder one', () => {
    expect(withoutCopies(heard('how did you sleep', 1000, 10), other, 'engine')).toHaveLength(4);
  });

  it('keeps the same words said at another time', () => {
    expect(withoutCopies(heard('how did you sleep', 4000, -10), other, 'estimated')).toHaveLength(4);
    expect(withoutCopies(heard('how did you sleep', 1800, -10), other, 'engine')).toHaveLength(4);
  });

  it('keeps a short answer that both give at once', () => {
    expect(withoutCopies(heard('okay then', 1000, -10), heard('Okay then', 1100, 10), 'estimated')).toHaveLength(2);
  });
});
