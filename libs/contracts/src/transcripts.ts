import { z } from 'zod';
import { Id, Milliseconds, Timestamp } from './common.js';
import { RecordingView } from './recordings.js';

export const SpeakerName = z.string().trim().min(1).max(80);

export const SpeakerView = z.object({
  id: Id,
  /** Order of appearance, from 0: gives the speaker her colour. */
  position: z.int().min(0),
  name: z.string(),
  /** The audio channel this speaker is known by; null for one that a person added. */
  channel: z.int().min(0).max(1).nullable(),
});
export type SpeakerView = z.infer<typeof SpeakerView>;

export const Word = z.object({ text: z.string(), startMs: Milliseconds, endMs: Milliseconds });
export type Word = z.infer<typeof Word>;

/** `engine`: measured by the recogniser; `estimated`: spread over the utterance's voiced parts by word length. */
export const WordTiming = z.enum(['engine', 'estimated']);
export type WordTiming = z.infer<typeof WordTiming>;

export const SegmentView = z.object({
  id: Id,
  speakerId: Id,
  startMs: Milliseconds,
  endMs: Milliseconds,
  text: z.string(),
  words: z.array(Word),
  wordTiming: WordTiming,
  /** Counts the changes; 0 is what the recogniser wrote. */
  revision: z.int().min(0),
  correctedAt: Timestamp.nullable(),
});
export type SegmentView = z.infer<typeof SegmentView>;

/** GET /api/recordings/:id/transcript: segments by start time. `engine` names the model that wrote it. */
export const TranscriptView = z.object({
  recordingId: Id,
  engine: z.string().nullable(),
  speakers: z.array(SpeakerView),
  segments: z.array(SegmentView),
});
export type TranscriptView = z.infer<typeof TranscriptView>;

/**
 * PATCH /api/recordings/:id/segments/:segmentId: corrects the text, the speaker or both. `expectedRevision` is the one
 * that the editor saw; another one answers `conflict`. Undo is a correction back to the earlier text.
 */
export const CorrectSegmentBody = z
  .object({
    expectedRevision: z.int().min(0),
    text: z.string().trim().max(20_000).optional(),
    speakerId: Id.optional(),
  })
  .refine((body) => body.text !== undefined || body.speakerId !== undefined, { message: 'Give text, speakerId or both' });
export type CorrectSegmentBody = z.infer<typeof CorrectSegmentBody>;

/** One kept state of a segment; GET .../segments/:segmentId/history, newest first, the recogniser's own text last. */
export const SegmentRevisionView = z.object({
  revision: z.int().min(0),
  text: z.string(),
  speakerId: Id,
  /** Who made this state; null is the recogniser. */
  authorName: z.string().nullable(),
  createdAt: Timestamp,
});
export type SegmentRevisionView = z.infer<typeof SegmentRevisionView>;
export const SegmentHistoryView = z.object({ revisions: z.array(SegmentRevisionView) });
export type SegmentHistoryView = z.infer<typeof SegmentHistoryView>;

/** POST /api/recordings/:id/speakers and PATCH /api/recordings/:id/speakers/:speakerId */
export const SpeakerBody = z.object({ name: SpeakerName });
export type SpeakerBody = z.infer<typeof SpeakerBody>;

export const ExportFormat = z.enum(['txt', 'srt', 'vtt', 'docx', 'json']);
export type ExportFormat = z.infer<typeof ExportFormat>;
export const exportMediaTypes: Record<ExportFormat, string> = {
  txt: 'text/plain; charset=utf-8',
  srt: 'application/x-subrip; charset=utf-8',
  vtt: 'text/vtt; charset=utf-8',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  json: 'application/json; charset=utf-8',
};
/** GET /api/recordings/:id/export?format= */
export const ExportQuery = z.object({ format: ExportFormat });
export type ExportQuery = z.infer<typeof ExportQuery>;

/** What an export in the format json holds. */
export const TranscriptExport = TranscriptView.extend({ recording: RecordingView });
export type TranscriptExport = z.infer<typeof TranscriptExport>;
