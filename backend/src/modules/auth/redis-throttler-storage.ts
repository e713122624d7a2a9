import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import { type ThrottlerStorage, ThrottlerStorageService } from '@nestjs/throttler';
import type { RedisConnections } from '../../platform/redis/index.js';

type ThrottlerRecord = Awaited<ReturnType<ThrottlerStorage['increment']>>;

/**
 * Counts one hit and answers [hits, ms until the window ends, 1 if blocked, ms until the block ends]. One script, so that two
 * processes that count at the same moment cannot both see the last free place. While blocked nothing is counted.
 */
const COUNT = `
local blockedFor = redis.call('PTTL', KEYS[2])
if blockedFor > 0 then
  return { tonumber(ARGV[2]) + 1, math.max(redis.call('PTTL', KEYS[1]), 0), 1, blockedFor }
end
local hits = redis.call('INCR', KEYS[1])
if hits == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
local left = redis.call('PTTL', KEYS[1])
if hits <= tonumber(ARGV[2]) then return { hits, left, 0, 0 } end
redis.call('SET', KEYS[2], 1, 'PX', ARGV[3])
return { hits, left, 1, tonumber(ARGV[3]) }
`;

/** How long a sign-in waits for Redis before this process counts by itself. */
const REDIS_TIMEOUT_MS = 500;

/**
 * Throttling that all api processes share. While Redis is away each process counts for itself, so that guessing passwords
 * stays limited and people can still sign in.
 */
export class RedisThrottlerStorage implements ThrottlerStorage, OnApplicationShutdown {
  private readonly logger = new Logger('RedisThrottlerStorage');
  private readonly local = new ThrottlerStorageService();

  constructor(private readonly redis: RedisConnections) {}

  async increment(key: string, ttl: number, limit: number, blockDuration: number, throttlerName: string): Promise<ThrottlerRecord> {
    if (!this.redis.isReachable) return this.local.increment(key, ttl, limit, blockDuration, throttlerName);
    try {
      return await this.count(key, ttl, limit, blockDuration);
    } catch {
      this.logger.warn('Redis does not answer; this process counts attempts by itself');
      return this.local.increment(key, ttl, limit, blockDuration, throttlerName);
    }
  }

  /** The local counts are forgotten by timers, which would keep the process alive. */
  onApplicationShutdown(): void {
    this.local.onApplicationShutdown();
  }

  private async count(key: string, ttl: number, limit: number, blockDuration: number): Promise<ThrottlerRecord> {
    const hits = this.redis.key('throttle', key, 'hits');
    const block = this.redis.key('throttle', key, 'block');
    const answer = this.redis.shared.eval(COUNT, 2, hits, block, ttl, limit, blockDuration) as Promise<[number, number, number, number]>;
    const [totalHits, left, blocked, blockLeft] = await inTime(answer);
    return { totalHits, timeToExpire: Math.ceil(left / 1000), isBlocked: blocked === 1, timeToBlockExpire: Math.ceil(blockLeft / 1000) };
  }
}

async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('Redis did not answer in time')), REDIS_TIMEOUT_MS);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
    // An answer that comes too late must not count as a rejection that nobody listens to.
    answer.catch(() => undefined);
  }
}
