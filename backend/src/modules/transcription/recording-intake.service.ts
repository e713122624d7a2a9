import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { JobQueue } from '../../platform/queue/index.js';
import { type CompletedUpload, ObjectStore, Uploads } from '../storage/index.js';
import { checkContent } from './content-check.js';
import { Recording } from './recording.entity.js';
import { StoredAudioSource } from './stored-audio-source.js';
import { titleFromFileName } from './title-from-file-name.js';
import { TranscriptAnnouncements } from './transcript-announcements.service.js';

/** Makes a recording of each finished upload, however it came in. */
@Injectable()
export class RecordingIntake implements OnModuleInit {
  constructor(
    private readonly em: EntityManager,
    private readonly uploads: Uploads,
    private readonly objects: ObjectStore,
    private readonly announcements: TranscriptAnnouncements,
    private readonly jobs: JobQueue,
  ) {}

  onModuleInit(): void {
    this.uploads.onComplete((upload) => this.take(upload));
  }

  /**
   * Idempotent by the upload's id: storage tells of an upload again when a process died in between.
   * @throws ProblemError `audio-unreadable` for what is no recording; storage purges it then
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
    const mediaType = await checkContent(new StoredAudioSource(this.objects, upload.id, upload.sizeBytes));
    const { id, ownerId, sizeBytes } = upload;
    const title = upload.title ?? titleFromFileName(upload.fileName);
    const recording = Recording.submit({ id, ownerId, sizeBytes, title, mediaType }, new Date());
    await em.upsert(Recording, recording, { onConflictAction: 'ignore' });
    return em.findOneOrFail(Recording, { id }, { refresh: true });
  }
}
