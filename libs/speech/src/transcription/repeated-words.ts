import type { Word } from '../recognition/recognizer.js';

/** Words that were recognised on one channel, with how loud both channels were meanwhile. */
export interface HeardWords {
  readonly words: readonly Word[];
  /** The own channel's level minus the other's over a stretch of the recording, in dB. */
  louderBy(startMs: number, endMs: number): number;
}

/** A copy comes within 300 ms; estimated word times may be off by a second (a guess). */
const WITHIN_MS = { engine: 300, estimated: 1300 } as const;
const QUIETER_DB = 3;
/** Fewer equal words in a row are what two people say at once ("yes, okay"). */
const FEWEST_WORDS = 3;

const normalized = ({ text }: Word) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** The length of the run of equal words that starts at both places at about the same time. */
function runLength(own: readonly Word[], i: number, other: readonly Word[], j: number, withinMs: number): number {
  let length = 0;
  for (;;) {
    const a = own[i + length];
    const b = other[j + length];
    if (!a || !b || normalized(a) !== normalized(b) || Math.abs(a.startMs - b.startMs) > withinMs) return length;
    length += 1;
  }
}

/**
 * The words of one channel without those that are a quieter copy of what the other channel said at that time: the second
 * guard against bleed, for stretches where both the echo and the own voice lie in one utterance.
 */
export function withoutCopies(own: HeardWords, other: HeardWords, timing: 'engine' | 'estimated'): readonly Word[] {
  const copied = new Set<number>();
  for (let i = 0; i < own.words.length; i += 1) {
    for (let j = 0; j < other.words.length; j += 1) {
      const length = runLength(own.words, i, other.words, j, WITHIN_MS[timing]);
      const first = own.words[i];
      const last = own.words[i + length - 1];
      if (length < FEWEST_WORDS || !first || !last) continue;
      if (own.louderBy(first.startMs, last.endMs) > -QUIETER_DB) continue;
      for (let k = i; k < i + length; k += 1) copied.add(k);
    }
  }
  return copied.size > 0 ? own.words.filter((_, index) => !copied.has(index)) : own.words;
}
