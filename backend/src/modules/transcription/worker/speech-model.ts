import type { CreateVoiceDetector, Recognizer } from '@auscult/speech';

/** A loaded recogniser and what makes the voice detectors to go with it. */
export interface SpeechModel {
  recognizer: Recognizer;
  createVoiceDetector: CreateVoiceDetector;
}
