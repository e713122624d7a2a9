import { z } from 'zod';
import { Id, Milliseconds, PageQuery, Timestamp, pageOf } from './common.js';
import { transcriptionFailures, transcriptionNotices, type TranscriptionFailureCode, type TranscriptionNoticeCode } from './transcription-outcomes.js';

/**
 * The life of an uploaded recording: `queued` -> `transcribing` -> `completed`, or `failed` (with a failure) or `cancelled`;
 * a failed, cancelled or completed one may be retried, which puts it back to `queued`. Of a live session: `live` -> `completed`; retried
 * then, it stays `completed` and is heard a second time (`secondPass`).
 */
export const RecordingStatus = z.enum(['live', 'queued', 'transcribing', 'completed', 'failed', 'cancelled']);
export type RecordingStatus = z.infer<typeof RecordingStatus>;

export const TranscriptionFailure = z.object({
  code: z.enum(Object.keys(transcriptionFailures) as [TranscriptionFailureCode, ...TranscriptionFailureCode[]]),
  message: z.string(),
});
export type TranscriptionFailure = z.infer<typeof TranscriptionFailure>;

const NoticeCode = z.enum(Object.keys(transcriptionNotices) as [TranscriptionNoticeCode, ...TranscriptionNoticeCode[]]);

/** `room`: one microphone. `telehealth`: channel 0 is the clinician's microphone, channel 1 what comes from the patient. `file`: sent by a program. */
export const LiveSource = z.enum(['room', 'telehealth', 'file']);
export type LiveSource = z.infer<typeof LiveSource>;

/**
 * A second hearing of a completed live session, as a whole and by the model for uploads: `queued` -> `running` -> `done` or `failed`, which
 * leaves the transcript as it was. It replaces the words of segments that nobody has corrected; the recording can be used meanwhile.
 */
export const SecondPass = z.object({
  state: z.enum(['queued', 'running', 'done', 'failed']),
  progress: z.number().min(0).max(1),
  engine: z.string().nullable().describe('The model that hears, or has heard, it again'),
});
export type SecondPass = z.infer<typeof SecondPass>;

export const RecordingTitle = z.string().trim().min(1).max(200);

export const RecordingView = z.object({
  id: Id,
  title: z.string(),
  status: RecordingStatus,
  mediaType: z.string().describe('Media type of the stored audio, as detected from its content once transcription has begun'),
  sizeBytes: z.int().min(0),
  durationMs: Milliseconds.nullable().describe('Known once the audio has been opened; exact once completed'),
  channelCount: z.int().min(1).max(2).nullable(),
  transcribedMs: Milliseconds.describe('How far into the audio the transcript reaches'),
  progress: z.number().min(0).max(1),
  wordCount: z.int().min(0),
  failure: TranscriptionFailure.nullable(),
  notices: z.array(NoticeCode),
  live: z
    .object({ source: LiveSource, finishing: z.boolean().describe('The session is over and its last words are being written') })
    .nullable()
    .describe('Of a recording that was, or is being, made live'),
  secondPass: SecondPass.nullable().describe('Of a live session that is, or was, heard once more'),
  createdAt: Timestamp,
  startedAt: Timestamp.nullable(),
  completedAt: Timestamp.nullable(),
});
export type RecordingView = z.infer<typeof RecordingView>;

export const RecordingPage = pageOf(RecordingView);
export type RecordingPage = z.infer<typeof RecordingPage>;

/** GET /api/recordings: newest first; `search` is a part of the title, in any case. */
export const RecordingQuery = PageQuery.extend({
  search: z.string().trim().max(200).optional(),
  status: RecordingStatus.optional(),
});
export type RecordingQuery = z.infer<typeof RecordingQuery>;

export const UpdateRecordingBody = z.object({ title: RecordingTitle });
export type UpdateRecordingBody = z.infer<typeof UpdateRecordingBody>;

/**
 * Metadata of a resumable upload (tus protocol at /api/uploads). The last path part of the upload's Location is
 * the id that the recording has from the moment the upload is complete.
 */
export const UploadMetadata = z.object({
  filename: z.string().max(1000).optional(),
  filetype: z.string().max(200).optional(),
  title: RecordingTitle.optional(),
});
export type UploadMetadata = z.infer<typeof UploadMetadata>;

/** POST /api/recordings/:id/audio-link: a signed link for playing (`inline`) or saving (`attachment`) the audio. */
export const AudioLinkBody = z.object({ disposition: z.enum(['inline', 'attachment']).default('inline') });
export type AudioLinkBody = z.infer<typeof AudioLinkBody>;
export const AudioLinkView = z.object({
  url: z.string().describe('Path on this server (or an absolute address); answers Range requests without a token'),
  expiresAt: Timestamp,
  mediaType: z.string(),
});
export type AudioLinkView = z.infer<typeof AudioLinkView>;

/** GET /api/recordings/:id/waveform: `peaks[channel][i]` is the largest amplitude, 0 to 255, in bin i of `binMs`. */
export const WaveformView = z.object({
  binMs: z.int().min(1),
  peaks: z.array(z.array(z.int().min(0).max(255))),
});
export type WaveformView = z.infer<typeof WaveformView>;

/** What this server accepts; GET /api/recordings/limits, so that a client can refuse early and say why. */
export const UploadLimitsView = z.object({
  maxUploadBytes: z.int().min(1),
  acceptedExtensions: z.array(z.string()),
});
export type UploadLimitsView = z.infer<typeof UploadLimitsView>;

export const acceptedExtensions = [
  '.wav', '.flac', '.mp3', '.m4a', '.aac', '.ogg', '.oga', '.opus', '.webm', '.weba', '.amr', '.3gp', '.mp4', '.m4v', '.mov', '.mka', '.mkv', '.wma', '.aiff', '.aif', '.caf',
] as const;
