import { describe, expect, it } from '@jest/globals';
import type { UtteranceEvent } from '../transcription/transcription-event.js';
import { type HeardBefore, secondHearing } from './second-hearing.js';

/** Words share the time evenly. */
function heard(startMs: number, endMs: number, text: string, channel = 0): UtteranceEvent {
  const texts = text.split(' ').filter(Boolean);
  const step = (endMs - startMs) / Math.max(1, texts.length);
  const words = texts.map((word, at) => ({ text: word, startMs: Math.round(startMs + at * step), endMs: Math.round(startMs + (at + 1) * step) }));
  return { kind: 'utterance', index: 0, channel, startMs, endMs, text, words, wordTiming: 'estimated' };
}

const wrote = (startMs: number, endMs: number, text: string, channel = 0): HeardBefore => ({ channel, startMs, endMs, text });
const textsOf = (before: HeardBefore[], anew: UtteranceEvent[]) => secondHearing(before, anew).replaced.map((one) => one?.text ?? null);

describe('secondHearing', () => {
  it('gives each piece its words back, however the second hearing is cut', () => {
    const before = [wrote(0, 2000, 'how did you sleep'), wrote(2600, 4000, 'not very whale'), wrote(9000, 9500, 'oh')];
    const anew = [heard(100, 4100, 'How did you sleep? Not very well.'), heard(8900, 9600, 'Oh.')];
    expect(textsOf(before, anew)).toEqual(['How did you sleep?', 'Not very well.', 'Oh.']);
  });

  it('takes a piece across two utterances for one with both', () => {
    const before = [wrote(0, 3000, 'it begins in the'), wrote(3000, 6000, 'morning and lasts all day')];
    const anew = [heard(0, 4000, 'It begins in the morning'), heard(4300, 6100, 'and lasts all day.')];
    expect(textsOf(before, anew)).toEqual(['It begins in the', 'morning and lasts all day.']);
  });

  it('keeps what was written where nothing is heard, or nothing that belongs there', () => {
    expect(textsOf([wrote(0, 1000, 'yes'), wrote(5000, 6000, 'no')], [heard(5000, 6000, '')])).toEqual([null, null]);
    expect(textsOf([wrote(0, 1000, 'it hurts'), wrote(1100, 1400, 'hm'), wrote(1500, 2500, 'at night')], [heard(0, 2500, 'It hurts at night.')]))
      .toEqual(['It hurts', null, 'at night.']);
  });

  it('tells of words where nothing was written', () => {
    const found = heard(4000, 5000, 'Good bye.');
    expect(secondHearing([wrote(0, 1000, 'hello')], [heard(0, 900, 'Hello.'), found])).toMatchObject({ replaced: [{ text: 'Hello.' }], found: [found] });
    expect(secondHearing([wrote(0, 1000, '')], [heard(0, 900, 'Hello.')])).toMatchObject({ replaced: [null], found: [{ text: 'Hello.' }] });
  });

  it('never mixes channels', () => {
    const before = [wrote(0, 1000, 'left', 0), wrote(0, 1000, 'right', 1)];
    expect(textsOf(before, [heard(0, 1000, 'Right.', 1), heard(0, 1000, 'Left.', 0)])).toEqual(['Left.', 'Right.']);
  });

  it('keeps times that were measured', () => {
    const measured = { ...heard(0, 2000, 'Good morning.'), wordTiming: 'engine' as const };
    expect(secondHearing([wrote(0, 2000, 'good mourning')], [measured]).replaced).toEqual([{ text: 'Good morning.', words: measured.words, wordTiming: 'engine' }]);
  });

  it('loses and invents no word, and changes no order, whatever is cut where', () => {
    for (let seed = 1; seed <= 300; seed += 1) {
      const { before, anew } = twoHearings(seed);
      const { replaced, found } = secondHearing(before, anew);
      for (const channel of [0, 1]) {
        const given = before.flatMap((piece, at) => (piece.channel === channel && replaced[at] ? [{ startMs: piece.startMs, words: replaced[at].words }] : []));
        const all = [...given, ...found.filter((one) => one.channel === channel)].sort((one, other) => one.startMs - other.startMs);
        const expected = anew.filter((one) => one.channel === channel).flatMap(({ words }) => words);
        expect(all.flatMap(({ words }) => words)).toEqual(expected);
      }
    }
  });

  it('goes through an hour without a pause within seconds', () => {
    const words = Array.from({ length: 9000 }, (_, at) => `word${at % 977}`);
    const cut = (size: number) => Array.from({ length: words.length / size }, (_, at) => ({ at: at * size, text: words.slice(at * size, (at + 1) * size).join(' ') }));
    const before = cut(20).map(({ at, text }) => wrote(at * 400, (at + 20) * 400 + 1, text));
    const anew = cut(36).map(({ at, text }) => heard(at * 400, (at + 36) * 400, text));
    const startedAt = performance.now();
    const { replaced, found } = secondHearing(before, anew);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    expect(found).toEqual([]);
    expect(replaced.flatMap((one) => one?.words ?? [])).toEqual(anew.flatMap((one) => one.words));
  });
});

/** The same speech, cut in two ways, with words that one of the two hearings has got wrong, missed or made up. */
function twoHearings(seed: number): { before: HeardBefore[]; anew: UtteranceEvent[] } {
  const random = numbers(seed);
  const before: HeardBefore[] = [];
  const anew: UtteranceEvent[] = [];
  for (const channel of [0, 1]) {
    const words = Array.from({ length: 40 }, (_, at) => ({ text: `w${Math.floor(random() * 12)}`, startMs: at * 500 + Math.floor(at / 8) * 3000 }));
    const changed = (text: string) => (random() < 0.2 ? `x${Math.floor(random() * 5)}` : text);
    for (const piece of cutAt(words, random, 0.3)) {
      const text = piece.filter(() => random() > 0.15).map((word) => changed(word.text)).join(' ');
      if (text !== '') before.push(wrote(piece[0]?.startMs ?? 0, (piece.at(-1)?.startMs ?? 0) + 450, text, channel));
    }
    for (const piece of cutAt(words, random, 0.15)) {
      const text = piece.filter(() => random() > 0.1).map((word) => changed(word.text)).join(' ');
      anew.push(heard(piece[0]?.startMs ?? 0, (piece.at(-1)?.startMs ?? 0) + 450, text, channel));
    }
  }
  return { before, anew };
}

function cutAt<T extends { startMs: number }>(words: readonly T[], random: () => number, chance: number): T[][] {
  const pieces: T[][] = [];
  for (const [at, word] of words.entries()) {
    const pause = word.startMs - (words[at - 1]?.startMs ?? 0) > 1000;
    if (at === 0 || pause || random() < chance) pieces.push([]);
    pieces.at(-1)?.push(word);
  }
  return pieces;
}

/** Mulberry32: the same numbers for the same seed. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
