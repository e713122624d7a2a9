import { randomUUID } from 'node:crypto';
import { type INestApplicationContext, Module, type Provider } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { JobPayload } from '@auscult/contracts';
import { type AppConfig, ConfigModule, loadConfig } from '../../src/platform/config/index.js';
import { DatabaseModule } from '../../src/platform/database/index.js';
import { ObservabilityModule } from '../../src/platform/observability/index.js';
import {
  FindsLostJobs, type HandlesJob, type JobContext, JobHandler, JobLock, JobQueue, type LostJobSource, QueueModule, type WantedJob,
} from '../../src/platform/queue/index.js';
import { RedisConnections, RedisModule } from '../../src/platform/redis/index.js';
import { Practice } from '../../src/modules/users/index.js';
import { type TestDatabase, createTestDatabase } from '../test-database.js';
import { type TestRedis, createTestRedis } from '../test-redis.js';

export type Purge = JobPayload<'purge-audio'>;

/** Faster than in production, slow enough for two busy cores. */
export const QUICK = { lockMs: 1500, stalledCheckMs: 500, reconcileMs: 400 };

/** The rows of these tests: which objects still want their job, and what the runs did. */
export class Ledger {
  readonly wanted = new Set<string>();
  readonly starts: string[] = [];
  readonly abandoned: string[] = [];
  readonly running = new Set<string>();
  /** How often a run of an object began while another one of the same object went on; must stay 0. */
  overlaps = 0;
  /** What a run does; replaced by the tests. */
  work: (objectId: string, context: JobContext) => Promise<void> = () => Promise.resolve();
}

export function purgeHandler(ledger: Ledger) {
  @JobHandler('purge-audio')
  class PurgeHandler implements HandlesJob<'purge-audio'> {
    async handle({ objectId }: Purge, context: JobContext): Promise<void> {
      ledger.starts.push(objectId);
      if (ledger.running.has(objectId)) ledger.overlaps += 1;
      ledger.running.add(objectId);
      try {
        await ledger.work(objectId, context);
        ledger.wanted.delete(objectId);
      } finally {
        ledger.running.delete(objectId);
      }
    }

    abandoned({ objectId }: Purge): Promise<void> {
      ledger.abandoned.push(objectId);
      ledger.wanted.delete(objectId);
      return Promise.resolve();
    }
  }
  return PurgeHandler;
}

export function lostJobs(ledger: Ledger) {
  @FindsLostJobs()
  class LostPurges implements LostJobSource {
    findLostJobs(): Promise<WantedJob[]> {
      return Promise.resolve([...ledger.wanted].map((objectId) => ({ name: 'purge-audio', payload: { objectId }, key: objectId })));
    }
  }
  return LostPurges;
}

@JobHandler('transcribe-recording')
export class TranscribeHandler implements HandlesJob<'transcribe-recording'> {
  handle(): Promise<void> {
    return Promise.resolve();
  }
}

@JobHandler('hear-again')
export class HearAgainHandler implements HandlesJob<'hear-again'> {
  handle(): Promise<void> {
    return Promise.resolve();
  }
}

/** The platform without any module: queues, database and Redis, with handlers made for the test. */
export class QueueStack {
  private readonly workers: INestApplicationContext[] = [];
  readonly ledger = new Ledger();

  private constructor(
    readonly config: AppConfig,
    readonly database: TestDatabase,
    readonly redis: TestRedis,
  ) {}

  static async create(redisUrl?: string): Promise<QueueStack> {
    const database = await createTestDatabase();
    const redis = createTestRedis(redisUrl);
    const env = {
      DATABASE_URL: database.url, REDIS_URL: redis.url, AUSCULT_REDIS_PREFIX: redis.prefix, AUSCULT_DATA_DIR: '/nonexistent',
      AUSCULT_MASTER_KEY: Buffer.alloc(32).toString('base64'), AUSCULT_TOKEN_SECRET: 'x'.repeat(32), METRICS_PORT: '0',
    };
    return new QueueStack(loadConfig(env, 'worker'), database, redis);
  }

  /** A worker with these providers; by default the ledger's handler and source. */
  async worker(providers: Provider[] = this.defaultProviders()): Promise<INestApplicationContext> {
    @Module({
      imports: [
        ConfigModule.forRoot(this.config), ObservabilityModule, RedisModule, DatabaseModule.forRoot(this.config, [Practice]),
        QueueModule.forWorkers(QUICK),
      ],
      providers,
    })
    class QueueTestModule {}
    const app = await NestFactory.createApplicationContext(QueueTestModule, { logger: process.env['TEST_LOG_LEVEL'] ? undefined : false, abortOnError: false });
    this.workers.push(app);
    return app;
  }

  defaultProviders(): Provider[] {
    return [TranscribeHandler, HearAgainHandler, purgeHandler(this.ledger), lostJobs(this.ledger)];
  }

  /** Adds a row that wants its job, without enqueueing it. */
  want(): string {
    const objectId = randomUUID();
    this.ledger.wanted.add(objectId);
    return objectId;
  }

  /** Adds a row and enqueues its job, as a service would. */
  async submit(app: INestApplicationContext): Promise<string> {
    const objectId = this.want();
    await app.get(JobQueue).enqueue('purge-audio', { objectId }, objectId);
    return objectId;
  }

  async close(): Promise<void> {
    for (const worker of this.workers) await worker.close();
    await this.redis.close();
    await this.database.drop();
  }
}

/** Cuts a worker's connections as a crash would: its locks end, and whatever it still does reaches nobody. */
export async function cutConnections(app: INestApplicationContext): Promise<void> {
  app.get(RedisConnections).onApplicationShutdown();
  await app.get(JobLock).onApplicationShutdown();
}
