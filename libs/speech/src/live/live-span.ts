import type { VoicedSpan } from '../detection/voice-detector.js';
import type { Excerpt } from '../transcription/guarded-recognizer.js';
import type { SampleStore } from '../transcription/sample-store.js';

/** What is recognised in one go; positions in samples of the session. */
export interface LiveSpan {
  readonly start: number;
  readonly end: number;
  readonly paddedStart: number;
  readonly paddedEnd: number;
  readonly voiced: readonly VoicedSpan[];
  /** The other channel, heard softly, since the utterance before and up to the last voiced part: no words of this one's. */
  readonly bleed: readonly VoicedSpan[];
}

/** A copy of the sound of a span, for the recogniser: silence where it is the other channel's. */
export function excerptOf({ paddedStart, paddedEnd, voiced, bleed }: LiveSpan, sound: Pick<SampleStore, 'slice'>): Excerpt {
  const samples = sound.slice(paddedStart, paddedEnd);
  for (const { start, end } of bleed) samples.fill(0, Math.max(0, start - paddedStart), Math.max(0, end - paddedStart));
  return { samples, voiced: voiced.map(({ start, end }) => ({ start: start - paddedStart, end: end - paddedStart })) };
}

/** Several utterances as one; null where there are not several. */
export function wholeOf(spans: readonly LiveSpan[]): LiveSpan | null {
  const [first, last] = [spans[0], spans.at(-1)];
  if (!first || !last || spans.length < 2) return null;
  const [voiced, bleed] = [spans.flatMap((span) => span.voiced), spans.flatMap((span) => span.bleed)];
  return { start: first.start, end: last.end, paddedStart: first.paddedStart, paddedEnd: last.paddedEnd, voiced, bleed };
}
