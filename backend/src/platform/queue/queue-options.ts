import type { QueueOptions } from 'bull';
import type { RedisConnections } from '../redis/index.js';

/** How quickly lost and stuck jobs are found, in milliseconds. */
export interface QueueTimings {
  /** A worker renews its hold on a job in half this time; one that does not is taken for dead. */
  lockMs: number;
  /** How often jobs without a living worker are looked for. */
  stalledCheckMs: number;
  /** How often the rows are asked for jobs that Redis has lost. */
  reconcileMs: number;
}

export const DEFAULT_TIMINGS: QueueTimings = { lockMs: 15_000, stalledCheckMs: 5000, reconcileMs: 10_000 };
export const QUEUE_TIMINGS = Symbol('QUEUE_TIMINGS');

/**
 * Options of every queue. A job whose worker died is found after at most lockMs + stalledCheckMs. Bull's own count of
 * stalls is not used: it forgets the payload with the job, and then nobody could mark the row as failed (see JobRunner).
 */
export function queueOptions(redis: RedisConnections, timings: QueueTimings): QueueOptions {
  return {
    prefix: redis.key('queue'),
    createClient: (type) => (type === 'client' ? redis.shared : redis.open()),
    settings: {
      lockDuration: timings.lockMs,
      stalledInterval: timings.stalledCheckMs,
      maxStalledCount: 1_000_000,
      drainDelay: 2,
      retryProcessDelay: 1000,
    },
  };
}
