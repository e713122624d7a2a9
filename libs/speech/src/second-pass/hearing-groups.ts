import type { UtteranceEvent } from '../transcription/transcription-event.js';

/** What was written at a place of a channel before. */
export interface HeardBefore {
  readonly channel: number;
  readonly startMs: number;
  readonly endMs: number;
  /** The recogniser's own words, also where a person has changed them since. */
  readonly text: string;
}

/** What was written, by its place in the list that was given, and what was heard anew in the same stretch of one channel; each by time. */
export interface HearingGroup {
  readonly before: readonly number[];
  readonly anew: readonly UtteranceEvent[];
}

/**
 * Where nobody pauses, each piece overlaps with the next and a group would grow to the whole recording, and aligning costs the product of
 * its words. From here on a group ends before the next utterance; the word or two that a piece across that border has on its far side go
 * to its neighbour.
 */
const LONGEST_GROUP_MS = 2 * 60_000;

interface Piece {
  readonly startMs: number;
  readonly endMs: number;
  readonly before: number | null;
  readonly anew: UtteranceEvent | null;
}

/** Puts together what overlaps in time, channel by channel. */
export function hearingGroups(before: readonly HeardBefore[], anew: readonly UtteranceEvent[]): HearingGroup[] {
  const channels = new Set([...before, ...anew].map(({ channel }) => channel));
  return [...channels].flatMap((channel) => groupsOf(piecesOf(channel, before, anew)).map(groupOf));
}

function piecesOf(channel: number, before: readonly HeardBefore[], anew: readonly UtteranceEvent[]): Piece[] {
  const written = before.map(({ startMs, endMs }, index): Piece => ({ startMs, endMs, before: index, anew: null }));
  const heard = anew.filter((utterance) => utterance.channel === channel);
  return [
    ...written.filter((_, index) => before[index]?.channel === channel),
    ...heard.map((utterance): Piece => ({ startMs: utterance.startMs, endMs: utterance.endMs, before: null, anew: utterance })),
  ].sort((one, other) => one.startMs - other.startMs || one.endMs - other.endMs);
}

function groupsOf(pieces: readonly Piece[]): Piece[][] {
  const groups: Piece[][] = [];
  let [startMs, endMs] = [0, Number.NEGATIVE_INFINITY];
  for (const piece of pieces) {
    const isFull = piece.anew !== null && piece.startMs - startMs >= LONGEST_GROUP_MS;
    if (piece.startMs >= endMs || isFull) {
      groups.push([]);
      [startMs, endMs] = [piece.startMs, piece.endMs];
    }
    groups.at(-1)?.push(piece);
    endMs = Math.max(endMs, piece.endMs);
  }
  return groups;
}

function groupOf(pieces: readonly Piece[]): HearingGroup {
  return {
    before: pieces.flatMap(({ before }) => (before === null ? [] : [before])),
    anew: pieces.flatMap(({ anew }) => (anew === null ? [] : [anew])),
  };
}
