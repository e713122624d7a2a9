import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MikroORM } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Client } from 'pg';
import { createApi } from '../../src/create-api.js';
import { DemoPractice } from '../../src/modules/users/index.js';
import { loadConfig } from '../../src/platform/config/index.js';
import { DatabaseWork, migrate } from '../../src/platform/database/index.js';
import { Caller } from './caller.js';

const PASSWORD = 'correct horse battery staple';
const WORKER_MAIN = fileURLToPath(new URL('../../dist/main.worker.js', import.meta.url));

/** Two clinicians of one practice and its admin, each signed in. */
export interface People {
  owner: Caller;
  intruder: Caller;
  admin: Caller;
  nobody: Caller;
}

export interface TranscriptionStackOptions {
  /** Own servers for tests that break them; else those of TEST_DATABASE_URL and TEST_REDIS_URL. */
  databaseUrl?: string;
  redisUrl?: string;
  env?: Record<string, string>;
}

/** A real API over a database and a folder of its own, and as many real worker processes as a test wants to start and kill. */
export class TranscriptionStack {
  private readonly workers: ChildProcess[] = [];

  private constructor(
    readonly env: Record<string, string>,
    readonly url: string,
    readonly people: People,
    private readonly api: NestExpressApplication,
    private readonly drop: () => Promise<void>,
  ) {}

  static async start(options: TranscriptionStackOptions = {}): Promise<TranscriptionStack> {
    const server = options.databaseUrl ?? required('TEST_DATABASE_URL');
    const name = `transcription_${randomBytes(6).toString('hex')}`;
    await onServer(server, `create database ${name}`);
    const dataDir = await mkdtemp(join(tmpdir(), 'auscult-'));
    const env = environment(withDatabase(server, name), options.redisUrl ?? required('TEST_REDIS_URL'), dataDir, name, options.env);
    await migrate(env['DATABASE_URL'] ?? '');
    const api = await createApi(loadConfig(env, 'api'));
    await api.listen(0, '127.0.0.1');
    const url = await api.getUrl();
    const accounts = await api.get(DatabaseWork).run(() => api.get(DemoPractice, { strict: false }).provision(PASSWORD));
    const [admin, owner, intruder] = await Promise.all(accounts.map(({ email }) => Caller.signIn(url, email, PASSWORD)));
    if (!admin || !owner || !intruder) throw new Error('The demo practice has too few people');
    const drop = async () => {
      await onServer(server, `drop database ${name} with (force)`).catch(() => undefined);
      await rm(dataDir, { recursive: true, force: true });
    };
    return new TranscriptionStack(env, url, { admin, owner, intruder, nobody: new Caller(url, null) }, api, drop);
  }

  /** An entity manager of one's own, to look at rows. */
  get em(): EntityManager {
    return this.api.get(MikroORM).em.fork() as EntityManager;
  }

  get<T>(type: abstract new (...args: never[]) => T): T {
    return this.api.get<T>(type as never, { strict: false });
  }

  /** Starts a worker process and waits until it says that it is ready. */
  async startWorker(env: Record<string, string> = {}): Promise<ChildProcess> {
    const metricsPort = await freePort();
    const child = spawn(process.execPath, [WORKER_MAIN], {
      env: { PATH: process.env['PATH'] ?? '', ...this.env, METRICS_PORT: String(metricsPort), ...env },
      stdio: ['ignore', process.env['TEST_WORKER_LOG'] ? 'inherit' : 'ignore', 'inherit'],
    });
    this.workers.push(child);
    await until(async () => (await fetch(`http://127.0.0.1:${metricsPort}/health/ready`).catch(() => null))?.ok === true, 60_000);
    return child;
  }

  async close(): Promise<void> {
    for (const worker of this.workers) await kill(worker);
    await this.api.close();
    await this.drop();
  }
}

export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** Asks again and again, every 20 ms, until the answer is yes; for facts that nobody announces. */
export async function until(holds: () => Promise<boolean>, withinMs = 30_000): Promise<void> {
  const giveUpAt = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > giveUpAt) throw new Error('What the test waits for did not come');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export async function freePort(): Promise<number> {
  const { createServer } = await import('node:net');
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

function environment(databaseUrl: string, redisUrl: string, dataDir: string, prefix: string, extra: Record<string, string> = {}): Record<string, string> {
  return {
    NODE_ENV: 'test',
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    AUSCULT_REDIS_PREFIX: prefix,
    AUSCULT_DATA_DIR: dataDir,
    AUSCULT_MASTER_KEY: randomBytes(32).toString('base64'),
    AUSCULT_TOKEN_SECRET: randomBytes(32).toString('hex'),
    AUSCULT_RECOGNIZER: 'fake',
    METRICS_PORT: '0',
    PORT: '0',
    LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'silent',
    ...extra,
  };
}

function required(variable: string): string {
  const value = process.env[variable];
  if (!value) throw new Error(`${variable} is not set`);
  return value;
}

function withDatabase(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

async function onServer(server: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
