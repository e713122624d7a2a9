import { type RecordingView, type SegmentView, type SpeakerView, transcriptionFailures } from '@auscult/contracts';
import type { Recording } from './recording.entity.js';
import type { Segment } from './segment.entity.js';
import type { Speaker } from './speaker.entity.js';

export function recordingView(recording: Recording): RecordingView {
  const { id, title, status, mediaType, sizeBytes, durationMs, channelCount, transcribedMs, wordCount, failureCode, notices, liveSource } = recording;
  return {
    id, title, status, mediaType, sizeBytes, durationMs, channelCount, transcribedMs, wordCount, notices,
    progress: progressOf(recording),
    failure: failureCode && { code: failureCode, message: transcriptionFailures[failureCode] },
    live: liveSource && { source: liveSource, finishing: status === 'live' && recording.liveFrames !== null },
    createdAt: recording.createdAt.toISOString(),
    startedAt: recording.startedAt?.toISOString() ?? null,
    completedAt: recording.completedAt?.toISOString() ?? null,
  };
}

/** A container may announce less than it holds, and some announce nothing. */
function progressOf({ status, transcribedMs, durationMs }: Recording): number {
  if (status === 'completed') return 1;
  return durationMs ? Math.min(0.999, transcribedMs / durationMs) : 0;
}

export function speakerView({ id, position, name, channel }: Speaker): SpeakerView {
  return { id, position, name, channel };
}

export function segmentView(segment: Segment): SegmentView {
  const { id, speakerId, startMs, endMs, text, words, wordTiming, revision, correctedAt } = segment;
  const copies = words.map((word) => ({ text: word.text, startMs: word.startMs, endMs: word.endMs }));
  return { id, speakerId, startMs, endMs, text, words: copies, wordTiming, revision, correctedAt: correctedAt?.toISOString() ?? null };
}
