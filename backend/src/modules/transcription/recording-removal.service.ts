import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable, Logger } from '@nestjs/common';
import { LiveAudioStream } from './live/live-audio-stream.js';
import { LiveSessionRepository } from './live/live-session.repository.js';
import { RecordingAudio } from './recording-audio.service.js';
import { RecordingRepository } from './recording.repository.js';
import { TranscriptAnnouncements } from './transcript-announcements.service.js';

/** Deletes recordings for good, also one that is being made. */
@Injectable()
export class RecordingRemoval {
  private readonly logger = new Logger('RecordingRemoval');

  constructor(
    private readonly em: EntityManager,
    private readonly recordings: RecordingRepository,
    private readonly sessions: LiveSessionRepository,
    private readonly stream: LiveAudioStream,
    private readonly audio: RecordingAudio,
    private readonly announcements: TranscriptAnnouncements,
  ) {}

  /**
   * From the commit on, the transcript is gone and the audio unreadable; its files are removed soon after. Whoever transcribes it or
   * sends sound notices and stops.
   */
  async remove(ownerId: string, id: string): Promise<void> {
    await this.recordings.owned(ownerId, id);
    const { purge, isLive } = await this.em.transactional(async (em) => {
      await this.sessions.forUpdate(id); // before the recording's row, as everybody locks them
      const recording = await this.recordings.ownedForUpdate(ownerId, id);
      em.remove(recording);
      await em.flush();
      // Of one that is over, too, Redis may still have sound: it was away when the session ended.
      return { purge: await this.audio.discard(em, recording), isLive: recording.liveSource !== null };
    });
    this.announcements.deleted({ ownerId, id });
    if (isLive) await this.forgetStream(id);
    await purge();
  }

  private async forgetStream(id: string): Promise<void> {
    this.stream.announce(id);
    await this.stream.remove(id).catch(() => this.logger.warn('Redis is away; the sealed audio of a deleted session expires there'));
  }
}
