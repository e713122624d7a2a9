import type { OpenedAudio } from '../audio/opened-audio.js';
import type { CreateVoiceDetector } from '../detection/voice-detector.js';
import type { Recognizer } from '../recognition/recognizer.js';
import type { TranscriptionEvent } from './transcription-event.js';

export interface TranscribeOptions {
  readonly recognizer: Recognizer;
  readonly createVoiceDetector: CreateVoiceDetector;
  /** Decodes in flight at once over all channels. */
  readonly parallel: number;
  /** Utterances that were saved by an earlier attempt: they are counted but neither recognised nor told again. */
  readonly skipUtterances?: number;
  readonly signal?: AbortSignal;
}

/** See README.md. */
// eslint-disable-next-line require-yield
export async function* transcribe(_audio: OpenedAudio, _options: TranscribeOptions): AsyncGenerator<TranscriptionEvent, void, undefined> {
  throw new Error('being built');
}
