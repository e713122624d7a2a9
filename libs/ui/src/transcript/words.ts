import type { SegmentView, Word } from '@auscult/contracts';

/** A word of a segment with its place in the segment's text, as offsets of UTF-16 units; `to` is exclusive. */
export interface PlacedWord {
  startMs: number;
  endMs: number;
  from: number;
  to: number;
}

/** The parts of a segment that placing its words needs. */
export type WordedSegment = Pick<SegmentView, 'text' | 'words' | 'startMs' | 'endMs'>;

const placed = new WeakMap<WordedSegment, readonly PlacedWord[]>();

/**
 * Where each word stands in the text. When a correction left words and text that do not belong together, the segment's
 * time is shared by the text's own words instead.
 */
export function placedWords(segment: WordedSegment): readonly PlacedWord[] {
  const known = placed.get(segment);
  if (known) return known;
  const words = findWords(segment.text, segment.words) ?? spreadWords(segment);
  placed.set(segment, words);
  return words;
}

/** All words in order, or null when one is missing. */
function findWords(text: string, words: readonly Word[]): PlacedWord[] | null {
  if (words.length === 0) return null;
  const found: PlacedWord[] = [];
  let cursor = 0;
  for (const { text: word, startMs, endMs } of words) {
    const wanted = word.trim();
    const from = wanted === '' ? -1 : text.indexOf(wanted, cursor);
    // Something other than space and marks in between is text that no word stands for.
    if (from < 0 || /[\p{L}\p{N}]/u.test(text.slice(cursor, from))) return null;
    cursor = from + wanted.length;
    found.push({ startMs, endMs, from, to: cursor });
  }
  return /[\p{L}\p{N}]/u.test(text.slice(cursor)) ? null : found;
}

/** Words cut at white space, the segment's time shared by their lengths. */
function spreadWords({ text, startMs, endMs }: WordedSegment): PlacedWord[] {
  const parts = [...text.matchAll(/\S+/g)].map((match) => ({ from: match.index, to: match.index + match[0].length }));
  const letters = parts.reduce((sum, { from, to }) => sum + to - from, 0);
  let before = 0;
  return parts.map(({ from, to }) => {
    const start = startMs + ((endMs - startMs) * before) / letters;
    before += to - from;
    return { from, to, startMs: Math.round(start), endMs: Math.round(startMs + ((endMs - startMs) * before) / letters) };
  });
}

/** Index of the last item whose `startMs` is not after `ms`; -1 when all are. Items are sorted by `startMs`. */
export function lastStartedBy(items: readonly { startMs: number }[], ms: number): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((items[middle] as { startMs: number }).startMs <= ms) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** How long a segment or word stays marked after its end, so that the mark does not flicker in the pauses of speech. */
const LINGER_MS = 700;

/**
 * Index of the segment that is heard at `ms`; -1 in silence. Two channels may speak at once: then the one that began last.
 * Segments before it are looked at as well, since a short interjection ends inside a long utterance.
 */
export function segmentAt(segments: readonly { startMs: number; endMs: number }[], ms: number): number {
  const last = lastStartedBy(segments, ms);
  let lingering = -1;
  for (let index = last; index >= 0 && index > last - 8; index -= 1) {
    const { endMs } = segments[index] as { endMs: number };
    if (ms < endMs) return index;
    if (lingering < 0 && ms < endMs + LINGER_MS) lingering = index;
  }
  return lingering;
}

/** Index of the word that is heard at `ms`: the last one begun, as long as it lasts or lingers; -1 before the first. */
export function wordAt(words: readonly PlacedWord[], ms: number): number {
  const index = lastStartedBy(words, ms);
  const word = words[index];
  return word && ms < word.endMs + LINGER_MS ? index : -1;
}

/** The word at a place in the text, or else the nearest before it; undefined in a text without words. */
export function wordAtOffset(words: readonly PlacedWord[], offset: number): PlacedWord | undefined {
  let candidate: PlacedWord | undefined;
  for (const word of words) {
    if (word.from > offset) break;
    candidate = word;
  }
  return candidate ?? words[0];
}
