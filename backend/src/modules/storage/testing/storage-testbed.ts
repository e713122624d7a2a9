import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jobNames } from '@auscult/contracts';
import type { Type } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test, type TestingModule } from '@nestjs/testing';
import type { Request } from 'express';
import passport, { Strategy } from 'passport';
import { Client } from 'pg';
import { ACCESS_TOKEN_STRATEGY, AccessModule, type AuthenticatedUser } from '../../../platform/access/index.js';
import { type AppConfig, ConfigModule, loadConfig } from '../../../platform/config/index.js';
import { DatabaseModule, migrate } from '../../../platform/database/index.js';
import { HttpModule, configureHttp } from '../../../platform/http/index.js';
import { ObservabilityModule } from '../../../platform/observability/index.js';
import { JobHandler, QueueModule } from '../../../platform/queue/index.js';
import { RedisModule } from '../../../platform/redis/index.js';
import { type TestDatabase, type TestRedis, createTestDatabase, createTestRedis } from '../../../../test/index.js';
import { type CompletedUpload, StorageModule, StoredObject, Uploads } from '../index.js';

/** Two clinicians and an admin; the access token of each is their name. */
export const people = {
  ann: { id: randomUUID(), role: 'clinician' },
  ben: { id: randomUUID(), role: 'clinician' },
  ada: { id: randomUUID(), role: 'admin' },
} as const;
export type Person = keyof typeof people;
const practiceId = randomUUID();

/** Stands for the auth module: whose name the bearer token is, that person is signed in. */
class NamedTokenStrategy extends Strategy {
  override authenticate(request: Request): void {
    const token = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
    if (!(token in people)) return this.fail(401);
    const { id, role } = people[token as Person];
    this.success({ id, role, practiceId, sessionId: randomUUID() } satisfies AuthenticatedUser);
  }
}
passport.use(ACCESS_TOKEN_STRATEGY, new NamedTokenStrategy());

/** A database of its own on the test server, migrated, with the people in it, and a data folder; both are removed by `close`. */
export class StorageTestbed {
  readonly sql: Client;
  private readonly apps: (NestExpressApplication | TestingModule)[] = [];

  private constructor(
    readonly config: AppConfig,
    private readonly database: TestDatabase,
    private readonly redis: TestRedis,
    readonly dataDir: string,
  ) {
    this.sql = new Client({ connectionString: config.databaseUrl });
  }

  static async create(environment: Record<string, string> = {}): Promise<StorageTestbed> {
    const database = await createTestDatabase();
    const redis = createTestRedis();
    const dataDir = await mkdtemp(join(tmpdir(), 'auscult-storage-'));
    const config = loadConfig({
      DATABASE_URL: database.url, REDIS_URL: redis.url, AUSCULT_REDIS_PREFIX: redis.prefix, AUSCULT_DATA_DIR: dataDir, METRICS_PORT: '0',
      AUSCULT_MASTER_KEY: randomBytes(32).toString('base64'), AUSCULT_TOKEN_SECRET: randomBytes(32).toString('hex'), LOG_LEVEL: 'silent', ...environment,
    }, 'api');
    const bed = new StorageTestbed(config, database, redis, dataDir);
    await migrate(database.url);
    await bed.sql.connect();
    await bed.addPeople();
    return bed;
  }

  /** One api process; several may share the database and the folder. `received` holds what its completion receiver was told. */
  async startApi(receiver: (upload: CompletedUpload) => Promise<void> = async () => undefined): Promise<TestApi> {
    const module = await Test.createTestingModule({ imports: [...this.platform('api'), HttpModule, AccessModule, StorageModule.forApi()] }).compile();
    const app = module.createNestApplication<NestExpressApplication>({ logger: false });
    configureHttp(app, this.config);
    const received: CompletedUpload[] = [];
    app.get(Uploads).onComplete(async (upload) => {
      await receiver(upload);
      received.push(upload);
    });
    await app.listen(0, '127.0.0.1');
    this.apps.push(app);
    const { port } = app.getHttpServer().address() as AddressInfo;
    return { app, received, url: `http://127.0.0.1:${port}` };
  }

  async startWorker(): Promise<TestingModule> {
    const module = await Test.createTestingModule({ imports: [...this.platform('worker'), StorageModule.forWorker()], providers: otherJobs() }).compile();
    module.useLogger(false);
    await module.init();
    this.apps.push(module);
    return module;
  }

  async row(id: string): Promise<Record<string, unknown> | undefined> {
    return (await this.sql.query('select * from stored_object where id = $1', [id])).rows[0] as Record<string, unknown> | undefined;
  }

  async rowCount(): Promise<number> {
    return Number((await this.sql.query('select count(*) from stored_object')).rows[0].count);
  }

  /** Every file that storage has on disk. */
  async files(): Promise<string[]> {
    const entries = await readdir(join(this.dataDir, 'audio'), { recursive: true, withFileTypes: true }).catch(() => []);
    return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
  }

  /** As if every api process had died. */
  async expireLeases(): Promise<void> {
    await this.sql.query(`update stored_object set lease_until = now() - interval '1 second' where lease_holder is not null`);
  }

  async empty(): Promise<void> {
    await this.sql.query('truncate stored_object, audio_part');
    await rm(join(this.dataDir, 'audio'), { recursive: true, force: true });
  }

  async close(): Promise<void> {
    for (const app of this.apps) await app.close();
    await this.sql.end();
    await this.redis.close();
    await this.database.drop();
    await rm(this.dataDir, { recursive: true, force: true });
  }

  private platform(role: 'api' | 'worker') {
    const config = { ...this.config, role };
    const queue = role === 'worker' ? QueueModule.forWorkers() : QueueModule.forProducers();
    return [ConfigModule.forRoot(config), ObservabilityModule, RedisModule, DatabaseModule.forRoot(config, [StoredObject]), queue];
  }

  private async addPeople(): Promise<void> {
    await this.sql.query(`insert into practice (id, name, created_at) values ($1, 'Practice', now())`, [practiceId]);
    for (const [name, { id, role }] of Object.entries(people)) {
      await this.sql.query(
        `insert into app_user (id, practice_id, email, display_name, role, password_hash, created_at) values ($1, $2, $3, $4, $5, '', now())`,
        [id, practiceId, `${name}@example.org`, name, role],
      );
    }
  }
}

export interface TestApi {
  app: NestExpressApplication;
  url: string;
  received: CompletedUpload[];
}

/** A file that looks like a WAV recording of this many bytes. */
export function wavOf(bytes: number): Buffer {
  const file = randomBytes(bytes);
  file.write('RIFF', 0);
  file.writeUInt32LE(bytes - 8, 4);
  file.write('WAVEfmt ', 8);
  return file;
}

/** A worker wants a handler for every job; those of other modules do nothing here. */
function otherJobs(): Type[] {
  return jobNames.filter((name) => name !== 'purge-audio').map((name) => {
    class IdleJob {
      handle = async (): Promise<void> => undefined;
    }
    JobHandler(name)(IdleJob);
    return IdleJob;
  });
}
