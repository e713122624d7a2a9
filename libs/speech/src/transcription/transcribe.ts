import type { OpenedAudio } from '../audio/opened-audio.js';
import type { TranscribeOptions } from './transcribe-options.js';
import { Transcription } from './transcription.js';
import type { TranscriptionEvent } from './transcription-event.js';

/**
 * Transcribes audio while it is being decoded: cuts each channel to utterances, recognises several at once, and tells them
 * in the order of the recording. The memory that it takes does not depend on the length. The same file gives the same
 * utterances with the same indices every time. Closes the audio in any case.
 *
 * Rejects with what the audio's frames reject with, with what the recogniser rejects with, or with the signal's reason.
 */
export async function* transcribe(audio: OpenedAudio, options: TranscribeOptions): AsyncGenerator<TranscriptionEvent, void, undefined> {
  const transcription = new Transcription(audio, options);
  try {
    yield* transcription.events();
  } finally {
    transcription.stop();
    await audio.close();
  }
}
