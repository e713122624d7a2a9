import { SAMPLE_RATE } from '../audio/opened-audio.js';
import type { VoicedSpan } from '../detection/voice-detector.js';

/** Neighbours closer than this are one utterance: Moonshine wants context (8.4 % word errors against 9.2 at 0.8 s). */
const JOIN_WITHIN = 2 * SAMPLE_RATE;
/** Above 20 s Moonshine gets worse. */
const LONGEST = 20 * SAMPLE_RATE;
/** Sound around the speech that is given to the recogniser, so that soft beginnings and endings are not cut off. */
const PADDING = 0.2 * SAMPLE_RATE;

/** What is recognised in one go, in samples from the start of its channel. */
export interface UtteranceSpan {
  /** Where the first voiced part begins and the last one ends. */
  readonly start: number;
  readonly end: number;
  /** The same with padding that reaches no neighbour. */
  readonly paddedStart: number;
  readonly paddedEnd: number;
  readonly voiced: readonly VoicedSpan[];
}

/** Joins the voiced spans of one channel to utterances. */
export class UtteranceCutter {
  private open: VoicedSpan[] = [];
  private lastEnd = 0;

  /** The next span, in order; answers the utterance that it closes, if any. */
  add(span: VoicedSpan): UtteranceSpan | null {
    const first = this.open[0];
    const last = this.open.at(-1);
    const joins = first && last && span.start - last.end < JOIN_WITHIN && span.end - first.start <= LONGEST;
    const closed = joins ? null : this.close(span.start);
    this.open.push(span);
    return closed;
  }

  /** No further span starts before `settled`: answers the utterance that this closes, if any. */
  settle(settled: number): UtteranceSpan | null {
    const last = this.open.at(-1);
    return last && settled - last.end >= JOIN_WITHIN ? this.close(settled) : null;
  }

  /** The channel ends at `end`. */
  flush(end: number): UtteranceSpan | null {
    return this.close(end + PADDING, end);
  }

  /** The earliest start that an utterance which was not answered yet can have. */
  earliest(settled: number): number {
    return this.open[0]?.start ?? settled;
  }

  private close(nextStart: number, limit = Number.POSITIVE_INFINITY): UtteranceSpan | null {
    const voiced = this.open;
    const first = voiced[0];
    const last = voiced.at(-1);
    if (!first || !last) return null;
    const before = Math.floor(Math.min(PADDING, Math.max(0, first.start - this.lastEnd) / 2));
    const after = Math.floor(Math.min(PADDING, Math.max(0, nextStart - last.end) / 2));
    this.open = [];
    this.lastEnd = last.end;
    return { start: first.start, end: last.end, paddedStart: first.start - before, paddedEnd: Math.min(last.end + after, limit), voiced };
  }
}
