import { describe, expect, it } from '@jest/globals';
import type { LiveFinalEvent } from '../live/live-event.js';
import { LiveWatch } from './live-watch.js';

const final = (index: number, endMs: number, text: string): LiveFinalEvent => ({
  kind: 'final', channel: 0, index, startMs: endMs - 500, endMs, text, words: [{ text, startMs: endMs - 500, endMs }], wordTiming: 'estimated',
});

describe('LiveWatch', () => {
  it('counts what ended in time, and reads everything', () => {
    const watch = new LiveWatch(performance.now(), 2_000);
    watch.see({ kind: 'partial', channel: 0, startMs: 1_500, endMs: 2_000, firm: 'other', tentative: '' });
    watch.see(final(0, 2_000, 'early'));
    watch.see({ kind: 'partial', channel: 0, startMs: 1_501, endMs: 2_001, firm: 'other', tentative: '' });
    watch.see(final(1, 2_001, 'late'));
    expect(watch.finals.map(({ index }) => index)).toEqual([0]);
    expect(watch.wordSightMs).toHaveLength(1);
    expect([watch.firmWords, watch.firmWrong]).toEqual([1, 1]);
    expect(watch.texts.final).toBe('early late');
  });
});
