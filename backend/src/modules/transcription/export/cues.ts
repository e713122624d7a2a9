import type { Word } from '@auscult/contracts';
import type { Segment } from '../segment.entity.js';
import { oneLine } from './exported-transcript.js';

/** Two lines of 42 characters for at most 7 seconds: what subtitle guides of broadcasters agree on. */
export const LINE_LENGTH = 42;
const MOST_LINES = 2;
const LONGEST_MS = 7000;
/** Nobody speaks for so long: what was said before should not stand there. */
const PAUSE_MS = 1500;
/** A player shows nothing that ends when it begins. */
const SHORTEST_MS = 1;

/** A piece of a segment that is shown at once. */
export interface Cue {
  segment: Segment;
  startMs: number;
  endMs: number;
  lines: string[];
}

/** Cuts a segment into cues between words. `prefix` stands before the first word of the first cue. */
export function cuesOf(segment: Segment, prefix = ''): Cue[] {
  const cues: Cue[] = [];
  let open: Word[] = [];
  const first = () => (cues.length === 0 ? prefix : '');
  const close = () => {
    if (open.length > 0) cues.push(cue(segment, open, first()));
    open = [];
  };
  for (const word of timedWords(segment)) {
    if (open.length > 0 && !continues(open, word, first())) close();
    open.push(word);
  }
  close();
  return cues;
}

/** All cues of a transcript by start time: segments of two channels overlap, and WebVTT wants cues in order. */
export async function* cuesInOrder(
  pages: AsyncIterable<readonly Segment[]>, prefixOf: (segment: Segment) => string = () => '',
): AsyncGenerator<Cue> {
  let waiting: Cue[] = [];
  for await (const page of pages) {
    for (const segment of page) {
      const ready = waiting.filter(({ startMs }) => startMs <= segment.startMs);
      if (ready.length > 0) {
        yield* ready;
        waiting = waiting.filter(({ startMs }) => startMs > segment.startMs);
      }
      waiting.push(...cuesOf(segment, prefixOf(segment)));
      waiting.sort((one, other) => one.startMs - other.startMs);
    }
  }
  yield* waiting;
}

function continues(open: readonly Word[], word: Word, prefix: string): boolean {
  const [first, last] = [open[0], open.at(-1)];
  if (!first || !last) return true;
  if (word.startMs - last.endMs > PAUSE_MS || word.endMs - first.startMs > LONGEST_MS) return false;
  const lines = wrap([...open, word], prefix);
  // A sentence that ends on the second line ends its cue.
  return lines.length <= MOST_LINES && !(/[.?!]$/.test(last.text) && wrap(open, prefix).length === MOST_LINES);
}

function cue(segment: Segment, words: readonly Word[], prefix: string): Cue {
  const startMs = words[0]?.startMs ?? segment.startMs;
  const endMs = Math.max(words.at(-1)?.endMs ?? segment.endMs, startMs + SHORTEST_MS);
  return { segment, startMs, endMs, lines: wrap(words, prefix) };
}

function wrap(words: readonly Word[], prefix: string): string[] {
  const lines: string[] = [];
  for (const text of [...(prefix ? [prefix] : []), ...words.map((word) => word.text)]) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + text.length <= LINE_LENGTH) lines[lines.length - 1] = `${line} ${text}`;
    else lines.push(text);
  }
  return lines;
}

/** The words, each on one line; the whole text as one word where there are none. */
function timedWords(segment: Segment): Word[] {
  const { startMs, endMs } = segment;
  const words = segment.words.map((word) => ({ ...word, text: oneLine(word.text) })).filter(({ text }) => text !== '');
  const text = oneLine(segment.text);
  return words.length > 0 || text === '' ? words : [{ text, startMs, endMs }];
}
