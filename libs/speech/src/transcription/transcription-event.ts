import type { Word } from '../recognition/recognizer.js';

/** Where the word times come from: measured by the engine, or spread over the voiced parts by word length. */
export type WordTiming = 'engine' | 'estimated';

/** Something that one channel's speaker said. `index` counts from 0 over both channels and never skips. */
export interface UtteranceEvent {
  readonly kind: 'utterance';
  readonly index: number;
  readonly channel: number;
  readonly startMs: number;
  readonly endMs: number;
  /** Empty where the detector heard a voice but no words were found, or where a guard refused them. */
  readonly text: string;
  readonly words: readonly Word[];
  readonly wordTiming: WordTiming;
}

/** Everything before `reachedMs` is transcribed and has been told. */
export interface ProgressEvent {
  readonly kind: 'progress';
  readonly reachedMs: number;
}

/** The largest amplitude of each bin, 0 to 255, per channel. */
export interface Waveform {
  readonly binMs: number;
  readonly peaks: readonly Uint8Array[];
}

export interface FinishedEvent {
  readonly kind: 'finished';
  /** Exact, by the samples that were decoded. */
  readonly durationMs: number;
  readonly truncated: boolean;
  /** Speech in which words were found, over all channels. */
  readonly speechMs: number;
  readonly channelSpeechMs: readonly number[];
  readonly waveform: Waveform;
}

export type TranscriptionEvent = UtteranceEvent | ProgressEvent | FinishedEvent;
