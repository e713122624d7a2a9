import { LIVE_FRAME_MS, type RecordingView, type SecondPass, type SegmentView, type SpeakerView, transcriptionFailures } from '@auscult/contracts';
import type { Recording } from './recording.entity.js';
import type { Segment } from './segment.entity.js';
import type { Speaker } from './speaker.entity.js';

export function recordingView(recording: Recording): RecordingView {
  const { id, title, status, mediaType, sizeBytes, channelCount, transcribedMs, wordCount, failureCode, notices, liveSource } = recording;
  return {
    id, title, status, mediaType, sizeBytes, channelCount, transcribedMs, wordCount, notices,
    durationMs: durationOf(recording),
    progress: progressOf(recording),
    failure: failureCode && { code: failureCode, message: transcriptionFailures[failureCode] },
    live: liveSource && { source: liveSource, finishing: status === 'live' && recording.liveFrames !== null },
    secondPass: secondPassOf(recording),
    createdAt: recording.createdAt.toISOString(),
    startedAt: recording.startedAt?.toISOString() ?? null,
    completedAt: recording.completedAt?.toISOString() ?? null,
  };
}

/** Of a live session it is known from its end on. */
function durationOf({ durationMs, liveFrames }: Recording): number | null {
  return durationMs ?? (liveFrames === null ? null : liveFrames * LIVE_FRAME_MS);
}

/** A container may announce less than it holds, and some announce nothing. */
function progressOf(recording: Recording): number {
  const { status, transcribedMs } = recording;
  if (status === 'completed') return 1;
  const durationMs = durationOf(recording);
  return durationMs ? Math.min(0.999, transcribedMs / durationMs) : 0;
}

function secondPassOf({ secondPass, durationMs }: Recording): SecondPass | null {
  const { state, engine, reachedMs } = secondPass;
  if (state === 'none') return null;
  const progress = durationMs ? Math.min(0.999, reachedMs / durationMs) : 0;
  return { state, engine, progress: state === 'done' ? 1 : progress };
}

export function speakerView({ id, position, name, channel }: Speaker): SpeakerView {
  return { id, position, name, channel };
}

export function segmentView(segment: Segment): SegmentView {
  const { id, speakerId, startMs, endMs, text, words, wordTiming, revision, correctedAt } = segment;
  const copies = words.map((word) => ({ text: word.text, startMs: word.startMs, endMs: word.endMs }));
  return { id, speakerId, startMs, endMs, text, words: copies, wordTiming, revision, correctedAt: correctedAt?.toISOString() ?? null };
}
