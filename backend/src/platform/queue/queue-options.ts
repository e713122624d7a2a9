import type { QueueOptions } from 'bull';
import type { RedisConnections } from '../redis/index.js';

/**
 * Options of every queue. A job whose worker died is found after at most lockDuration + stalledInterval. Bull's own count of
 * stalls is not used: it forgets the payload with the job, and then nobody could mark the row as failed (see JobRunner).
 */
export function queueOptions(redis: RedisConnections): QueueOptions {
  return {
    prefix: redis.key('queue'),
    createClient: (type) => (type === 'client' ? redis.shared : redis.open()),
    settings: { lockDuration: 15_000, stalledInterval: 5000, maxStalledCount: 1_000_000, drainDelay: 2, retryProcessDelay: 1000 },
  };
}
