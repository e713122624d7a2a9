import type { EntityManager } from '@mikro-orm/postgresql';
import type { Recording } from '../recording.entity.js';
import { withPatience } from './connection-patience.js';

/** The recording is no longer this run's: it was cancelled, deleted, or another worker has taken it over. */
export class RunSupersededError extends Error {
  override readonly name = 'RunSupersededError';
  constructor() {
    super('The recording is no longer in the hands of this run');
  }
}

export interface Fence {
  em: EntityManager;
  /** The locked row while the run still holds it, else null. */
  held: () => Promise<Recording | null>;
  signal: AbortSignal;
}

/**
 * One write of a run: a transaction that begins by locking the row under the run's fencing token, and throws `RunSupersededError` when the
 * token is no longer the row's. Waits out a database that restarts; the change may then be made again on fresh rows.
 */
export function fenced<T>({ em, held, signal }: Fence, change: (recording: Recording, em: EntityManager) => Promise<T>): Promise<T> {
  const attempt = () =>
    em.fork().transactional(async (own) => {
      const recording = await held();
      if (!recording) throw new RunSupersededError();
      return change(recording, own);
    });
  return withPatience(attempt, signal);
}
