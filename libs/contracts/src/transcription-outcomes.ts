// Apart from the schemas, because the portal shows these words and its first load does without zod.

/** Why a transcription failed; each has one text for people in `transcriptionFailures`. */
export const transcriptionFailures = {
  'not-audio': 'The file is not an audio or video recording that can be read. Export it as WAV, MP3 or M4A and upload it again.',
  'no-audio-track': 'The file is a video without sound.',
  'audio-damaged': 'The file is damaged and no part of it could be read. Upload the original again.',
  'audio-missing': 'The stored audio is gone. Upload the recording again.',
  'worker-crashed': 'Transcription stopped several times at the same place. The audio is kept; try again later.',
  'internal': 'Transcription stopped by a fault on the server. The audio is kept; try again.',
} as const;
export type TranscriptionFailureCode = keyof typeof transcriptionFailures;

/** Something to tell the reader about a transcript that was made nevertheless. */
export const transcriptionNotices = {
  'no-speech': 'No speech was found in this recording.',
  'audio-truncated': 'The file ends early or is damaged in part; everything that could be read was transcribed.',
  'words-missing': 'Some of what was said could not be recognised: it can be heard, but its words are missing.',
  'channel-silent': 'One of the two channels holds no speech.',
} as const;
export type TranscriptionNoticeCode = keyof typeof transcriptionNotices;
