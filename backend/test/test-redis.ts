import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { required } from './test-database.js';

/** A part of the Redis at TEST_REDIS_URL that only one suite uses: every key and channel begins with `prefix`. */
export interface TestRedis {
  url: string;
  prefix: string;
  client: Redis;
  /** Everything of this suite is gone at once, as after FLUSHALL or a restart of an empty Redis. */
  empty(): Promise<void>;
  close(): Promise<void>;
}

export function createTestRedis(url = required('TEST_REDIS_URL')): TestRedis {
  const prefix = `test-${process.pid}-${randomBytes(4).toString('hex')}`;
  const client = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 100 });
  client.on('error', () => undefined);
  const empty = async (): Promise<void> => {
    // One script, so that nothing sees a half-emptied Redis.
    const script = "for _, key in ipairs(redis.call('KEYS', ARGV[1] .. ':*')) do redis.call('DEL', key) end";
    await client.eval(script, 0, prefix);
  };
  return {
    url, prefix, client, empty,
    close: async () => {
      if (client.status === 'ready') await empty();
      client.disconnect();
    },
  };
}
