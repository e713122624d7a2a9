import type { JobPayload } from '@auscult/contracts';
import { Injectable } from '@nestjs/common';
import { FindsLostJobs, type HandlesJob, JobHandler, type LostJobSource, type WantedJob } from '../../../platform/queue/index.js';
import { ObjectStore } from '../object-store.js';
import { StoredObjectRepository } from '../stored-object.repository.js';

/** Removes the file of an object whose key is destroyed, and then its row: as long as the row stands, the file may. */
@Injectable()
@JobHandler('purge-audio')
@FindsLostJobs()
export class PurgeAudioJob implements HandlesJob<'purge-audio'>, LostJobSource {
  constructor(
    private readonly rows: StoredObjectRepository,
    private readonly store: ObjectStore,
  ) {}

  async handle({ objectId }: JobPayload<'purge-audio'>): Promise<void> {
    // A job that came too early, or was made up, must not remove audio that is still wanted.
    if (!(await this.rows.isDeleting(objectId))) return;
    await this.store.delete(objectId);
    await this.rows.remove(objectId);
  }

  async findLostJobs(): Promise<WantedJob[]> {
    const ids = await this.rows.findDeleting();
    return ids.map((objectId) => ({ name: 'purge-audio', payload: { objectId }, key: objectId }));
  }
}
