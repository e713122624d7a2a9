import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { MikroORM } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { createApi } from '../src/create-api.js';
import { createWorker } from '../src/create-worker.js';
import { type AppConfig, loadConfig } from '../src/platform/config/index.js';
import { migrate } from '../src/platform/database/index.js';
import { eventually } from './eventually.js';
import { type TestDatabase, createTestDatabase } from './test-database.js';
import { type TestRedis, createTestRedis } from './test-redis.js';
import { TestPeople } from './test-people.js';
import { type WorkerProcess, startApiProcess, startLiveProcess, startWorkerProcess } from './worker-process.js';

export interface StackOptions {
  /** Settings that differ from those of the tests, as environment variables. */
  env?: Record<string, string>;
  /** Starts a worker in this process from the beginning. */
  worker?: boolean;
  /** A Redis of the suite's own instead of a part of the shared one, to be stopped and started in the test. */
  redisUrl?: string;
  /** A database server of the suite's own, in the same way. */
  databaseServer?: string;
}

/**
 * The real application on a database and a part of Redis of its own: the api in this process on a free port, ready when `start`
 * resolves; workers as the test asks for them.
 */
export class TestStack {
  private readonly closers: (() => Promise<unknown>)[] = [];

  private constructor(
    readonly config: AppConfig,
    readonly env: Readonly<Record<string, string>>,
    readonly database: TestDatabase,
    readonly redis: TestRedis,
    readonly api: NestExpressApplication,
    /** For example `http://127.0.0.1:43210`. */
    readonly url: string,
    readonly people: TestPeople,
  ) {}

  static async start(options: StackOptions = {}): Promise<TestStack> {
    const database = await createTestDatabase(options.databaseServer);
    const redis = createTestRedis(options.redisUrl);
    const dataDir = await mkdtemp(join(tmpdir(), 'auscult-test-'));
    const env = { ...testEnvironment(database.url, redis, dataDir), ...options.env };
    await migrate(database.url);
    const config = loadConfig(env, 'api');
    const api = await createApi(config);
    await api.listen(0, '127.0.0.1');
    const url = (await api.getUrl()).replace('[::1]', '127.0.0.1');
    await eventually(async () => (await fetch(`${url}/health/ready`)).ok);
    const stack = new TestStack(config, env, database, redis, api, url, new TestPeople(url, api.get(MikroORM)));
    stack.closers.push(() => api.close(), () => redis.close(), () => database.drop(), () => rm(dataDir, { recursive: true, force: true }));
    if (options.worker) await stack.startWorker();
    return stack;
  }

  /** An entity manager that has seen nothing yet. */
  get em(): EntityManager {
    return this.api.get(MikroORM).em.fork() as EntityManager;
  }

  /** The real worker, in this process. */
  async startWorker(): Promise<INestApplicationContext> {
    const worker = await createWorker(loadConfig(this.env, 'worker'));
    this.closers.unshift(() => worker.close());
    return worker;
  }

  /** The real worker as a process of its own (the built one, backend/dist), to be killed. */
  async startWorkerProcess(env: Record<string, string> = {}): Promise<WorkerProcess> {
    const worker = await startWorkerProcess({ ...this.env, ...env });
    this.closers.unshift(() => worker.stop());
    return worker;
  }

  /** The real live worker as a process of its own. @param preload see `startLiveProcess` */
  async startLiveProcess(env: Record<string, string> = {}, preload?: URL): Promise<WorkerProcess> {
    const live = await startLiveProcess({ ...this.env, ...env }, preload);
    this.closers.unshift(() => live.stop());
    return live;
  }

  /** Another api as a process of its own, on this port, to be killed and started again. */
  async startApiProcess(port: number): Promise<WorkerProcess> {
    const api = await startApiProcess({ ...this.env }, port);
    this.closers.unshift(() => api.stop());
    return api;
  }

  async close(): Promise<void> {
    for (const close of this.closers) await close();
  }
}

function testEnvironment(databaseUrl: string, redis: TestRedis, dataDir: string): Record<string, string> {
  return {
    NODE_ENV: 'test',
    DATABASE_URL: databaseUrl,
    REDIS_URL: redis.url,
    AUSCULT_REDIS_PREFIX: redis.prefix,
    AUSCULT_DATA_DIR: dataDir,
    AUSCULT_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
    AUSCULT_TOKEN_SECRET: 'a-token-secret-for-tests-only-0123456789',
    AUSCULT_RECOGNIZER: 'fake',
    AUSCULT_SIGN_IN_ATTEMPTS: '1000',
    AUSCULT_SIGN_IN_ATTEMPTS_PER_ADDRESS: '10000',
    HOST: '127.0.0.1',
    PORT: '0',
    METRICS_PORT: '0',
    LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'silent',
  };
}
