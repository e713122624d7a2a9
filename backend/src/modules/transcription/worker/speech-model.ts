import type { CreateVoiceDetector, Recognizer } from '@auscult/speech';

/** A loaded recogniser and what makes the voice detectors to go with it. */
export interface SpeechModel {
  recognizer: Recognizer;
  createVoiceDetector: CreateVoiceDetector;
  /** For sound that comes in while it is spoken. */
  createLiveVoiceDetector: CreateVoiceDetector;
  /** The GPU's name, or `cpu`. */
  device: string;
  /** How many decodes the recogniser works on at once. */
  parallel: number;
  /** What hears beside it whatever nobody waits for. */
  openBackground: () => Promise<Recognizer>;
}
