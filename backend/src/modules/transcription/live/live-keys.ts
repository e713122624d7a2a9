import type { RedisConnections } from '../../../platform/redis/index.js';

/** Where a live session lies in Redis. */
export function liveKeys(redis: RedisConnections, recordingId: string): { audio: string; state: string } {
  return { audio: redis.key('live', recordingId, 'audio'), state: redis.key('live', recordingId, 'state') };
}

/** Before the id of a sender that was replaced: a field of the state. */
export const SENT_BY = 'sent-by:';

/** Channel that tells workers to look at a session's row. */
export function sessionsChannel(redis: RedisConnections): string {
  return redis.key('live', 'sessions');
}

/** Entry ids count from 1, because 0-0 is no id: the entry that begins with frame n is `${n + 1}-0`. */
export function entryId(firstFrame: number): string {
  return `${firstFrame + 1}-0`;
}

export function firstFrameOf(id: string): number {
  return Number(id.slice(0, id.indexOf('-'))) - 1;
}
