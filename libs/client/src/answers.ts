import type * as contracts from '@auscult/contracts';
import { UnexpectedAnswerError } from './errors.js';

type Contracts = typeof contracts;
/** What a contract parses to. */
type Parsed<C> = C extends { parse: (value: unknown) => infer T } ? T : never;

/** Every JSON answer by the name of its contract, with the fields without which it cannot be shown. */
const fields = {
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
} as const satisfies { [N in keyof Contracts]?: readonly (keyof Parsed<Contracts[N]>)[] };

export type AnswerName = keyof typeof fields;
export type Answers = { [N in AnswerName]: Parsed<Contracts[N]> };

/** Returns the value as the named contract's type or throws `UnexpectedAnswerError`. */
export type AnswerCheck = <N extends AnswerName>(name: N, value: unknown) => Answers[N];

/**
 * The check that every client makes: an object with the contract's main fields. It tells a proxy's page or another
 * version's answer from ours at no cost. The whole zod parse (`@auscult/client/validation`) of a three-hour transcript costs
 * a browser noticeable time and the portal's first load zod's code, and the server has validated the answer already.
 */
export const lightCheck: AnswerCheck = (name, value) => {
  if (typeof value !== 'object' || value === null) throw new UnexpectedAnswerError(name);
  for (const field of fields[name]) {
    if (!(field in value)) throw new UnexpectedAnswerError(name);
  }
  return value as never;
};
