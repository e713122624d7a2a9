/**
 * Why a file gives no audio:
 * - `not-audio`: no container or codec that can be read was recognised;
 * - `no-audio-track`: a readable container without any sound in it;
 * - `audio-damaged`: sound was announced, but not one piece of it could be decoded.
 */
export type AudioErrorCode = 'not-audio' | 'no-audio-track' | 'audio-damaged';

const messages: Record<AudioErrorCode, string> = {
  'not-audio': 'The file is not an audio or video recording that can be read',
  'no-audio-track': 'The file holds no sound',
  'audio-damaged': 'The sound in the file is damaged and no part of it could be read',
};

/** The file is at fault: trying again does not help. Its message never quotes the file. */
export class AudioError extends Error {
  override readonly name = 'AudioError';
  readonly retryable = false;

  constructor(readonly code: AudioErrorCode) {
    super(messages[code]);
  }
}
