import type { CreateVoiceDetector } from '../detection/voice-detector.js';
import type { Recognizer } from '../recognition/recognizer.js';

export interface TranscribeOptions {
  readonly recognizer: Recognizer;
  readonly createVoiceDetector: CreateVoiceDetector;
  /** Decodes in flight at once over all channels. */
  readonly parallel: number;
  /**
   * Utterances that were saved by an earlier attempt: they count, but are neither recognised nor told again. Their voiced
   * time counts as speech in the closing event.
   */
  readonly skipUtterances?: number;
  readonly signal?: AbortSignal;
}
