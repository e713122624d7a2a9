import type { LivePartial, LiveProgress } from '@auscult/contracts';
import { Injectable } from '@nestjs/common';
import { JobQueue } from '../../../../platform/queue/index.js';
import { RealtimePublisher } from '../../../../platform/realtime/index.js';
import type { Recording } from '../../recording.entity.js';
import type { Segment } from '../../segment.entity.js';
import type { Speaker } from '../../speaker.entity.js';
import { TranscriptAnnouncements } from '../../transcript-announcements.service.js';
import { LiveAnnouncements } from '../live-announcements.service.js';

/** All that a worker tells of a session. What was written is told after the commit only. */
@Injectable()
export class SessionAnnouncements {
  constructor(
    private readonly publisher: RealtimePublisher,
    private readonly transcripts: TranscriptAnnouncements,
    private readonly live: LiveAnnouncements,
    private readonly jobs: JobQueue,
  ) {}

  changed(recording: Recording): void {
    this.transcripts.changed(recording);
  }

  /** To the watchers, and to whoever is to hear it once more. */
  async completed(recording: Recording): Promise<void> {
    const { id, secondPass } = recording;
    this.transcripts.changed(recording);
    if (secondPass.state === 'queued') await this.jobs.enqueue('hear-again', { recordingId: id }, id);
  }

  speakers(recordingId: string, speakers: readonly Speaker[]): void {
    this.transcripts.speakers(recordingId, speakers);
  }

  segments(recordingId: string, lines: readonly Segment[], removed: readonly string[] = []): void {
    this.transcripts.segments(recordingId, lines);
    this.live.removed(recordingId, removed);
  }

  partial(partial: LivePartial): void {
    this.publisher.toRecording(partial.recordingId, 'live:partial', partial);
  }

  progress(progress: LiveProgress): void {
    this.live.progress(progress);
  }
}
