import { LIVE_FRAME_MS, type LiveForget, type LiveForgotten } from '@auscult/contracts';
import { Injectable } from '@nestjs/common';
import { TranscriptAnnouncements } from '../../transcript-announcements.service.js';
import { LiveAnnouncements } from '../live-announcements.service.js';
import { LiveAudioStream } from '../live-audio-stream.js';
import { LiveSessionRepository } from '../live-session.repository.js';
import { OffTheRecordWrites } from './off-the-record-writes.service.js';

const FRAMES_PER_MINUTE = 60_000 / LIVE_FRAME_MS;

/** Drops the last minutes of a session everywhere: words, stored sound, and sound on its way. */
@Injectable()
export class OffTheRecord {
  constructor(
    private readonly writes: OffTheRecordWrites,
    private readonly sessions: LiveSessionRepository,
    private readonly stream: LiveAudioStream,
    private readonly announcements: TranscriptAnnouncements,
    private readonly live: LiveAnnouncements,
  ) {}

  /**
   * Rows first: from their commit on a worker puts silence where Redis still has sound. Idempotent by the marker's id, so that a sender
   * that was not answered asks again and the rest is done.
   */
  async forget(ownerId: string, asked: LiveForget): Promise<LiveForgotten> {
    const { recordingId, until } = asked;
    const range = { from: Math.max(0, until - asked.minutes * FRAMES_PER_MINUTE), until };
    const { recording, sender, frames, removed, changed, purge } = await this.writes.forget(ownerId, asked, range);
    this.stream.announce(recordingId);
    this.live.removed(recordingId, removed);
    this.announcements.segments(recordingId, changed);
    for (let channel = 0; channel < (recording.channelCount ?? 1); channel += 1) {
      this.live.partialTakenBack(recordingId, channel, frames.until * LIVE_FRAME_MS);
    }
    this.live.markers(recordingId, await this.sessions.markers(recordingId));
    this.announcements.changed(recording);
    await this.stream.forget(recordingId, frames.from, frames.until, sender);
    await purge();
    return { ok: true, ...frames };
  }
}
