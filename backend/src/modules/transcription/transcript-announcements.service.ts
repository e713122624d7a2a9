import { Injectable } from '@nestjs/common';
import { RealtimePublisher } from '../../platform/realtime/index.js';
import type { Recording } from './recording.entity.js';
import type { Segment } from './segment.entity.js';
import type { Speaker } from './speaker.entity.js';
import { recordingView, segmentView, speakerView } from './views.js';

/** Segments in one event: hours of speech may change at once, and a message must stay small. */
const SEGMENTS_AT_ONCE = 200;

/** Tells open pages what has changed. Call after the commit only: a page that reads the row at once must find it. */
@Injectable()
export class TranscriptAnnouncements {
  constructor(private readonly publisher: RealtimePublisher) {}

  changed(recording: Recording): void {
    this.publisher.toUser(recording.ownerId, 'recording:changed', { recording: recordingView(recording) });
  }

  deleted({ ownerId, id }: { ownerId: string; id: string }): void {
    this.publisher.toUser(ownerId, 'recording:deleted', { recordingId: id });
  }

  segments(recordingId: string, segments: readonly Segment[]): void {
    for (let from = 0; from < segments.length; from += SEGMENTS_AT_ONCE) {
      const some = segments.slice(from, from + SEGMENTS_AT_ONCE).map(segmentView);
      this.publisher.toRecording(recordingId, 'transcript:segments', { recordingId, segments: some });
    }
  }

  speakers(recordingId: string, speakers: readonly Speaker[]): void {
    this.publisher.toRecording(recordingId, 'transcript:speakers', { recordingId, speakers: speakers.map(speakerView) });
  }

  reset(recordingId: string): void {
    this.publisher.toRecording(recordingId, 'transcript:reset', { recordingId });
  }
}
