import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Excerpt } from '../transcription/guarded-recognizer.js';
import type { LivePartialEvent } from './live-event.js';
import { SpokenNow } from './spoken-now.js';
import type { StretchCutter } from './stretch-cutter.js';

/** A stretch in which somebody speaks from its start on. */
function speechUntil(end: number): StretchCutter {
  const excerpt: Excerpt = { samples: new Float32Array(end), voiced: [{ start: 0, end }] };
  return { saying: { start: 0, end, paddedStart: 0, paddedEnd: end, voiced: excerpt.voiced }, excerptOfSaying: () => excerpt } as unknown as StretchCutter;
}

describe('SpokenNow', () => {
  let shown: string[];
  let spoken: SpokenNow;

  beforeEach(() => {
    shown = [];
    spoken = new SpokenNow(0, ({ firm, tentative }: LivePartialEvent) => shown.push(`${firm}${tentative}`));
  });

  const take = (until: number) => {
    spoken.follow(speechUntil(until), false);
    return spoken.take();
  };

  it('does not show what was said in an utterance that is over', () => {
    const late = take(16_000);
    spoken.over();
    spoken.told(true);
    const own = take(32_000);
    expect(late?.heard('of the first')).toBe(false);
    expect(own?.heard('of the second')).toBe(true);
    expect(shown).toEqual(['of the second']);
  });

  it('does not go back to what was asked before what it shows', () => {
    const [first, second] = [take(16_000), take(20_000)];
    expect(second?.heard('good morning')).toBe(true);
    expect(first?.heard('good')).toBe(false);
    expect(take(24_000)?.heard('good morning how')).toBe(true);
    expect(shown).toEqual(['good morning', 'good morning how']);
  });

  it('shows what was recognised in a pause, and nothing older after it', () => {
    const partial = take(16_000);
    const presumed = spoken.ask();
    expect([presumed('good morning.'), partial?.heard('good')]).toEqual([true, false]);
    expect(shown).toEqual(['good morning.']);
  });
});
