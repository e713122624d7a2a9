import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { JobQueue } from '../../platform/queue/index.js';
import { type CompletedUpload, Uploads } from '../storage/index.js';
import { Recording } from './recording.entity.js';
import { titleFromFileName } from './title-from-file-name.js';
import { TranscriptAnnouncements } from './transcript-announcements.service.js';

/** Makes a recording of each finished upload, however it came in. */
@Injectable()
export class RecordingIntake implements OnModuleInit {
  constructor(
    private readonly em: EntityManager,
    private readonly uploads: Uploads,
    private readonly announcements: TranscriptAnnouncements,
    private readonly jobs: JobQueue,
  ) {}

  onModuleInit(): void {
    this.uploads.onComplete((upload) => this.take(upload));
  }

  /**
   * Idempotent by the upload's id: storage tells of an upload again when a process died in between. Storage has refused what is
   * surely no recording; for the rest the decoder has the last word.
   */
  async take(upload: CompletedUpload): Promise<void> {
    const em = this.em.fork();
    const known = await em.findOne(Recording, { id: upload.id });
    const recording = known ?? (await this.insert(em, upload));
    if (!known) this.announcements.changed(recording);
    if (recording.status === 'queued') {
      await this.jobs.enqueue('transcribe-recording', { recordingId: recording.id }, recording.id);
    }
  }

  private async insert(em: EntityManager, upload: CompletedUpload): Promise<Recording> {
    const { id, ownerId, sizeBytes } = upload;
    const title = upload.title ?? titleFromFileName(upload.fileName);
    const mediaType = upload.mediaType ?? 'application/octet-stream';
    const recording = Recording.submit({ id, ownerId, sizeBytes, title, mediaType }, new Date());
    await em.upsert(Recording, recording, { onConflictAction: 'ignore' });
    return em.findOneOrFail(Recording, { id }, { refresh: true });
  }
}
