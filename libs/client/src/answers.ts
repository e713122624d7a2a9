import type {
  AudioLinkView,
  MarkersView,
  RecordingPage,
  RecordingView,
  SegmentHistoryView,
  SegmentView,
  SessionView,
  SpeakerView,
  TranscriptView,
  UploadLimitsView,
  UserPage,
  UserView,
  WaveformView,
} from '@auscult/contracts';
import { UnexpectedAnswerError } from './errors.js';

/** Every JSON answer by the name of its contract. */
export interface Answers {
  SessionView: SessionView;
  UserView: UserView;
  UserPage: UserPage;
  RecordingView: RecordingView;
  RecordingPage: RecordingPage;
  UploadLimitsView: UploadLimitsView;
  AudioLinkView: AudioLinkView;
  MarkersView: MarkersView;
  WaveformView: WaveformView;
  TranscriptView: TranscriptView;
  SegmentView: SegmentView;
  SpeakerView: SpeakerView;
  SegmentHistoryView: SegmentHistoryView;
}
export type AnswerName = keyof Answers;

/** Returns the value as the named contract's type or throws `UnexpectedAnswerError`. */
export type AnswerCheck = <N extends AnswerName>(name: N, value: unknown) => Answers[N];

/** The fields without which a view cannot be drawn. */
const fields: { [N in AnswerName]: readonly (keyof Answers[N])[] } = {
  SessionView: ['accessToken', 'expiresAt', 'user'],
  UserView: ['id', 'displayName', 'role'],
  UserPage: ['items', 'total'],
  RecordingView: ['id', 'title', 'status', 'progress', 'notices'],
  RecordingPage: ['items', 'total'],
  UploadLimitsView: ['maxUploadBytes', 'acceptedExtensions'],
  AudioLinkView: ['url', 'expiresAt'],
  MarkersView: ['markers'],
  WaveformView: ['binMs', 'peaks'],
  TranscriptView: ['recordingId', 'speakers', 'segments'],
  SegmentView: ['id', 'speakerId', 'text', 'words', 'revision'],
  SpeakerView: ['id', 'name', 'position'],
  SegmentHistoryView: ['revisions'],
};

/**
 * The check that every client makes: an object with the contract's main fields. It tells a proxy's page or another
 * version's answer from ours at no cost. The whole zod parse (`@auscult/client/validation`) of a three-hour transcript costs
 * a browser noticeable time and the portal's first load zod's code, and the server has validated the answer already.
 */
export const lightCheck: AnswerCheck = (name, value) => {
  if (typeof value !== 'object' || value === null) throw new UnexpectedAnswerError(name);
  for (const field of fields[name]) {
    if (!((field as string) in value)) throw new UnexpectedAnswerError(name);
  }
  return value as never;
};
