import { createHash } from 'node:crypto';
import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Client } from 'pg';
import { APP_CONFIG, type AppConfig } from '../config/index.js';

/**
 * Lets a job run only once at a time, whatever Redis says: when Redis is emptied or was away, the same job is delivered again
 * while its first run still goes on. The lock is a PostgreSQL advisory lock on a connection of its own, so it ends with the
 * process that holds it, at the latest when its host notices the broken connection.
 */
@Injectable()
export class JobLock implements OnApplicationShutdown {
  private readonly logger = new Logger('JobLock');
  private readonly connections = new Set<Client>();

  constructor(@Inject(APP_CONFIG) private readonly config: AppConfig) {}

  /**
   * Runs the work alone and answers its result, or `busy` without running it where another run holds the lock.
   * @param work gets a signal that aborts when the lock is lost because the connection broke
   */
  async runAlone<T>(jobId: string, work: (lost: AbortSignal) => Promise<T>): Promise<T | 'busy'> {
    const lost = new AbortController();
    const connection = new Client({ connectionString: this.config.databaseUrl, application_name: 'auscult-job', keepAlive: true });
    connection.on('error', () => lost.abort());
    connection.on('end', () => lost.abort());
    await connection.connect();
    this.connections.add(connection);
    try {
      const [high, low] = lockKeys(jobId);
      const result = await connection.query<{ locked: boolean }>('select pg_try_advisory_lock($1, $2) as locked', [high, low]);
      return result.rows[0]?.locked ? await work(lost.signal) : 'busy';
    } finally {
      this.connections.delete(connection);
      await connection.end().catch(() => this.logger.debug('A job lock had lost its connection'));
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.connections].map((connection) => connection.end().catch(() => undefined)));
  }
}

/** 64 bits of the job's name, as the two signed 32-bit numbers that an advisory lock takes. */
function lockKeys(jobId: string): [number, number] {
  const digest = createHash('sha256').update(jobId).digest();
  return [digest.readInt32BE(0), digest.readInt32BE(4)];
}
