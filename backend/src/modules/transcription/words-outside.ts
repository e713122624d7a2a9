import type { Word } from '@auscult/contracts';

/** A part of a recording in milliseconds: from `fromMs` to before `untilMs`. */
export interface Stretch {
  readonly fromMs: number;
  readonly untilMs: number;
}

/**
 * What of a text was said outside the stretch; null when all of it was. A word that reaches into the stretch counts as inside, and so
 * does a text of which no word has a time.
 */
export function wordsOutside({ text, words }: { text: string; words: readonly Word[] }, { fromMs, untilMs }: Stretch): { text: string; words: Word[] } | null {
  const kept = words.filter((word) => word.startMs >= untilMs || (word.endMs <= fromMs && word.startMs < fromMs));
  const isUntouched = kept.length === words.length && (words.length > 0 || text === '');
  return isUntouched ? null : { text: kept.map((word) => word.text).join(' '), words: kept };
}
