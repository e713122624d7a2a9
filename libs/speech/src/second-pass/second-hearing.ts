import { ownersOf } from '../live/refined-texts.js';
import type { Word } from '../recognition/recognizer.js';
import type { UtteranceEvent, WordTiming } from '../transcription/transcription-event.js';
import { type HeardBefore, type HearingGroup, hearingGroups } from './hearing-groups.js';

export type { HeardBefore } from './hearing-groups.js';

/** What a second hearing says where something was written before; at least one word. */
export interface HeardAnew {
  readonly text: string;
  /** Times as the second hearing has them: `estimated` ones may lie outside of the piece that gets the words. */
  readonly words: readonly Word[];
  readonly wordTiming: WordTiming;
}

export interface SecondHearing {
  /** For each of what was written: what it says now, or null where it keeps its own words because none were heard for it. */
  readonly replaced: readonly (HeardAnew | null)[];
  /** Utterances with words where nothing was written before, by time. */
  readonly found: readonly UtteranceEvent[];
}

interface TimedWord {
  readonly word: Word;
  readonly wordTiming: WordTiming;
}

/**
 * Gives the words of a hearing of the whole recording back to what was written in an earlier one, which may be cut otherwise: every word of
 * `anew` goes to one piece or stays in an utterance of its own, in its order, and no other word comes in.
 */
export function secondHearing(before: readonly HeardBefore[], anew: readonly UtteranceEvent[]): SecondHearing {
  const replaced = before.map((): HeardAnew | null => null);
  const found: UtteranceEvent[] = [];
  const spoken = anew.filter(({ words }) => words.length > 0);
  for (const group of hearingGroups(before, spoken)) {
    const given = givenBack(group, before);
    if (given) given.forEach((words, at) => (replaced[group.before[at] ?? -1] = heardAnew(words)));
    else found.push(...group.anew);
  }
  return { replaced, found: found.sort((one, other) => one.startMs - other.startMs) };
}

/** The words for each of what was written; null where none of it has a word to stand for one. */
function givenBack(group: HearingGroup, before: readonly HeardBefore[]): TimedWord[][] | null {
  const words = group.anew.flatMap(({ words: own, wordTiming }) => own.map((word): TimedWord => ({ word, wordTiming })));
  const texts = group.before.map((index) => before[index]?.text ?? '');
  const owners = ownersOf(texts, words.map(({ word }) => word.text));
  if (!owners) return null;
  const given = texts.map((): TimedWord[] => []);
  words.forEach((word, at) => given[owners[at] ?? 0]?.push(word));
  return given;
}

function heardAnew(given: readonly TimedWord[]): HeardAnew | null {
  if (given.length === 0) return null;
  const words = given.map(({ word }) => word);
  const isMeasured = given.every(({ wordTiming }) => wordTiming === 'engine');
  return { text: words.map(({ text }) => text).join(' '), words, wordTiming: isMeasured ? 'engine' : 'estimated' };
}
