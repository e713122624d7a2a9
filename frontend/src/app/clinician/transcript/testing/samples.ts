import type { RecordingView, SegmentView, SpeakerView } from '@auscult/contracts';

/** Rows as the server sends them, for specs; give what matters. */
export function aSegment(given: Partial<SegmentView> = {}): SegmentView {
  return {
    id: 'segment-1', speakerId: 'speaker-1', startMs: 0, endMs: 1000, text: 'Good morning.', words: [], wordTiming: 'estimated',
    revision: 0, correctedAt: null, ...given,
  };
}

export function aSpeaker(given: Partial<SpeakerView> = {}): SpeakerView {
  return { id: 'speaker-1', position: 0, name: 'Speaker 1', channel: 0, ...given };
}

export function aRecording(given: Partial<RecordingView> = {}): RecordingView {
  return {
    id: 'recording-1', title: 'Session', status: 'completed', mediaType: 'audio/wav', sizeBytes: 1000, durationMs: 60_000, channelCount: 1,
    transcribedMs: 60_000, progress: 1, wordCount: 2, failure: null, notices: [], live: null, secondPass: null, createdAt: '2026-01-05T09:00:00.000Z', startedAt: null,
    completedAt: null, ...given,
  };
}
