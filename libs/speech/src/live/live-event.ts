import type { Word } from '../recognition/recognizer.js';
import type { WordTiming } from '../transcription/transcription-event.js';

/**
 * Where a track can begin anew: everything before `sample` (of its channel, from the start of the session) is settled, and the next
 * utterance of the track has the number `nextIndex`.
 */
export interface TrackCheckpoint {
  readonly sample: number;
  readonly nextIndex: number;
}

/**
 * What somebody is saying now. `firm` only grows until the utterance's final comes; `tentative` may change at any time. Both empty
 * takes back what was shown.
 */
export interface LivePartialEvent {
  readonly kind: 'partial';
  readonly channel: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly firm: string;
  readonly tentative: string;
}

/**
 * An utterance is over. `index` counts the utterances of its track from 0 over the whole session. Told at once; one in which no words
 * were heard is not told as a final (its number stays unused) and stands in its settled event with an empty text. Words have
 * whole milliseconds of the session.
 */
export interface LiveFinalEvent {
  readonly kind: 'final';
  readonly channel: number;
  readonly index: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly text: string;
  readonly words: readonly Word[];
  readonly wordTiming: WordTiming;
  /** Something was said, and the recogniser failed at it. The text is empty. */
  readonly unheard?: true;
}

/**
 * All of the channel before `untilSample` is decided. `utterances` are those that lie between: the same numbers as their finals, with
 * texts that may be better (heard once more with their neighbours) or empty (nothing was said). A transcriber that starts at
 * { sample: untilSample, nextIndex } gives from there on exactly what this one gives.
 */
export interface LiveSettledEvent {
  readonly kind: 'settled';
  readonly channel: number;
  readonly fromSample: number;
  readonly untilSample: number;
  readonly nextIndex: number;
  readonly utterances: readonly LiveFinalEvent[];
}

export type LiveEvent = LivePartialEvent | LiveFinalEvent | LiveSettledEvent;
