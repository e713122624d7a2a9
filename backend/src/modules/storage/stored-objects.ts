import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { JobQueue } from '../../platform/queue/index.js';
import { discardAllStatement, discardStatement } from './stored-object.repository.js';

/** A session of hours has thousands of parts: so many are asked for at once, the rest is found by the worker's search for lost jobs. */
const PURGED_AT_ONCE = 100;

/** Lets other modules get rid of audio together with their own rows. */
@Injectable()
export class StoredObjects {
  constructor(private readonly jobs: JobQueue) {}

  /**
   * Destroys the object's data key inside the caller's transaction: once that is committed the audio cannot be read any more,
   * also not by a link that was given out. A missing object is no error.
   */
  async discard(em: EntityManager, id: string): Promise<void> {
    await em.execute(discardStatement, [id]);
  }

  async discardAll(em: EntityManager, ids: readonly string[]): Promise<void> {
    await em.execute(discardAllStatement, [`{${ids.join(',')}}`]);
  }

  /** Call after the commit: removes the file soon. If this call is lost in a crash, the worker finds the row by itself. */
  async purgeSoon(id: string): Promise<void> {
    await this.jobs.enqueue('purge-audio', { objectId: id }, id);
  }

  async purgeAllSoon(ids: readonly string[]): Promise<void> {
    await Promise.all(ids.slice(0, PURGED_AT_ONCE).map((id) => this.purgeSoon(id)));
  }
}
