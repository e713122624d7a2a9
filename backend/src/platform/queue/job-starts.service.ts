import { Injectable } from '@nestjs/common';
import type { Job } from 'bull';
import { RedisConnections } from '../redis/index.js';

/** Forgets the count of a job that nobody has tried for a day. */
const TTL_SECONDS = 86_400;

/** Counts how often a job was begun. It is counted before the work, so that a start that ends in a crash counts too. */
@Injectable()
export class JobStarts {
  constructor(private readonly redis: RedisConnections) {}

  async count(job: Job<unknown>): Promise<number> {
    const starts = await this.redis.shared.incr(this.key(job));
    await this.redis.shared.expire(this.key(job), TTL_SECONDS);
    return starts;
  }

  async forget(job: Job<unknown>): Promise<void> {
    await this.redis.shared.del(this.key(job));
  }

  private key(job: Job<unknown>): string {
    return this.redis.key('starts', String(job.id));
  }
}
