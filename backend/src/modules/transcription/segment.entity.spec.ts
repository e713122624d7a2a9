import { describe, expect, it } from '@jest/globals';
import { Segment } from './segment.entity.js';

const now = new Date('2026-03-01T10:00:00Z');
const words = [{ text: 'Good', startMs: 100, endMs: 300 }, { text: 'mourning', startMs: 320, endMs: 700 }, { text: 'Ann.', startMs: 750, endMs: 900 }];

function segment(): Segment {
  const utterance = { index: 0, channel: 0, startMs: 0, endMs: 1000, text: 'Good mourning Ann.', words, wordTiming: 'engine' as const };
  return Segment.recognized('r', 's1', utterance, now);
}

describe('Segment.correct', () => {
  it('keeps the recogniser\'s text and the new one at the first change', () => {
    const one = segment();
    const kept = one.correct({ expectedRevision: 0, text: 'Good morning Ann.' }, 'author', [], now);
    expect(kept).toMatchObject([
      { revision: 0, text: 'Good mourning Ann.', authorId: null, speakerId: 's1', wordTiming: 'engine' },
      { revision: 1, text: 'Good morning Ann.', authorId: 'author', speakerId: 's1', wordTiming: 'estimated' },
    ]);
    expect(one).toMatchObject({ text: 'Good morning Ann.', revision: 1, correctedAt: now });
  });

  it('keeps the times of words that did not change', () => {
    const one = segment();
    one.correct({ expectedRevision: 0, text: 'Good morning to you Ann.' }, 'author', [], now);
    expect(one.words.map((word) => word.text)).toEqual(['Good', 'morning', 'to', 'you', 'Ann.']);
    expect(one.words[0]).toEqual(words[0]);
    expect(one.words[4]).toEqual(words[2]);
    expect(one.words[1]?.startMs).toBe(300);
    expect(one.words[3]?.endMs).toBeLessThanOrEqual(750);
  });

  it('gives an undone correction its word times back', () => {
    const one = segment();
    const kept = one.correct({ expectedRevision: 0, text: 'Nothing of that' }, 'author', [], now);
    const more = one.correct({ expectedRevision: 1, text: 'Good mourning Ann.' }, 'author', kept, now);
    expect(one).toMatchObject({ words, wordTiming: 'engine', revision: 2 });
    expect(more).toMatchObject([{ revision: 2, text: 'Good mourning Ann.' }]);
  });

  it('changes the speaker without touching the words', () => {
    const one = segment();
    one.correct({ expectedRevision: 0, speakerId: 's2' }, 'author', [], now);
    expect(one).toMatchObject({ speakerId: 's2', words, wordTiming: 'engine', revision: 1 });
  });

  it('refuses an editor who saw another revision', () => {
    const one = segment();
    one.correct({ expectedRevision: 0, text: 'a' }, 'author', [], now);
    expect(() => one.correct({ expectedRevision: 0, text: 'b' }, 'other', [], now)).toThrow(expect.objectContaining({ code: 'conflict' }));
    expect(one.text).toBe('a');
  });

  it('keeps nothing when nothing differs', () => {
    const one = segment();
    expect(one.correct({ expectedRevision: 0, text: 'Good mourning Ann.', speakerId: 's1' }, 'author', [], now)).toEqual([]);
    expect(one).toMatchObject({ revision: 0, correctedAt: null });
  });
});

describe('Segment.recognizedAnew', () => {
  const same = { index: 0, channel: 0, startMs: 0, endMs: 1000, text: 'Good mourning Ann.', words, wordTiming: 'engine' as const };

  it('takes what says something else', () => {
    const later = words.map((word, i) => (i === 2 ? { ...word, endMs: 950 } : word));
    for (const other of [{ text: 'Good morning Ann.' }, { startMs: 50 }, { endMs: 1100 }, { wordTiming: 'estimated' as const }, { words: later }, { words: words.slice(1) }]) {
      const one = segment();
      one.recognizedAnew({ ...same, ...other });
      expect(one).toMatchObject(other);
    }
  });

  it('keeps words that are the same, in whatever order the database has the fields of a word', () => {
    const one = segment();
    one.recognizedAnew({ ...same, words: words.map(({ text, startMs, endMs }) => ({ endMs, startMs, text })) });
    expect(one.words).toBe(words);
  });
});

describe('Segment.setAside', () => {
  it('takes the number of what was corrected and of nothing else', () => {
    const one = segment();
    expect(() => one.setAside(-1)).toThrow('corrected');
    one.correct({ expectedRevision: 0, text: 'Good morning Ann.' }, 'author', [], now);
    expect(() => one.setAside(3)).toThrow('corrected');
    one.setAside(-1);
    expect(one).toMatchObject({ utteranceIndex: -1, text: 'Good morning Ann.', revision: 1 });
  });
});

describe('Segment.redact', () => {
  it('drops the words inside the stretch and keeps the new state, so that an editor with the old one sees a conflict', () => {
    const one = segment();
    expect(one.redact({ fromMs: 310, untilMs: 800 }, [], now)).toMatchObject({ revision: 1, text: 'Good', authorId: null });
    expect(one).toMatchObject({ text: 'Good', words: [words[0]], revision: 1, correctedAt: null });
    expect(() => one.correct({ expectedRevision: 0, text: 'Good mourning Ann.' }, 'author', [], now)).toThrow(expect.objectContaining({ code: 'conflict' }));
  });

  it('begins or ends at the border of the stretch where its own end lies in it', () => {
    const [head, tail, both] = [segment(), segment(), segment()];
    head.redact({ fromMs: 310, untilMs: 5000 }, [], now);
    tail.redact({ fromMs: 0, untilMs: 310 }, [], now);
    both.redact({ fromMs: 310, untilMs: 320 }, [], now);
    const { startMs, endMs } = segment();
    expect([head.startMs, head.endMs]).toEqual([startMs, 310]);
    expect([tail.startMs, tail.endMs]).toEqual([310, endMs]);
    expect([both.startMs, both.endMs]).toEqual([startMs, endMs]);
  });

  it('is gone when nothing of it is left', () => {
    expect(segment().redact({ fromMs: 0, untilMs: 1000 }, [], now)).toBe('gone');
    expect(segment().redact({ fromMs: 50, untilMs: 950 }, [], now)).toBe('gone');
  });

  it('is untouched when no word was said in the stretch', () => {
    const one = segment();
    expect(one.redact({ fromMs: 900, untilMs: 2000 }, [], now)).toBe('untouched');
    expect(one).toMatchObject({ text: 'Good mourning Ann.', revision: 0 });
  });

  it('is cut the same in each of its states, each by its own times', () => {
    const one = segment();
    const earlier = one.correct({ expectedRevision: 0, text: 'Good mourning, Ann.' }, 'author', [], now);
    expect(one.redact({ fromMs: 725, untilMs: 5000 }, earlier, now)).toMatchObject({ revision: 2, text: 'Good', wordTiming: 'estimated' });
    expect(earlier).toMatchObject([{ revision: 0, text: 'Good mourning', wordTiming: 'engine' }, { revision: 1, text: 'Good' }]);
  });

  it('is a new state when only one before it had words in the stretch, so that nobody writes them back', () => {
    const one = segment();
    const earlier = one.correct({ expectedRevision: 0, text: 'Good' }, 'author', [], now);
    expect(one.redact({ fromMs: 720, untilMs: 5000 }, earlier, now)).toMatchObject({ revision: 2, text: 'Good', authorId: null });
    expect(earlier).toMatchObject([{ revision: 0, text: 'Good mourning' }, { revision: 1, text: 'Good' }]);
    expect(one).toMatchObject({ text: 'Good', words: [words[0]], endMs: 720, revision: 2 });
    expect(() => one.correct({ expectedRevision: 1, text: 'Good mourning Ann.' }, 'author', earlier, now)).toThrow(expect.objectContaining({ code: 'conflict' }));
  });

  it('is untouched when none of its states had words in the stretch', () => {
    const one = segment();
    const earlier = one.correct({ expectedRevision: 0, text: 'Good' }, 'author', [], now);
    expect(one.redact({ fromMs: 950, untilMs: 5000 }, earlier, now)).toBe('untouched');
    expect(one).toMatchObject({ revision: 1, endMs: 1000 });
  });
});
