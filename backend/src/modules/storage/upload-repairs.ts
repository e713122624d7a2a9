import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { ProblemError } from '../../platform/http/index.js';
import { ObjectStore } from './object-store.js';
import { StorageMetrics } from './storage.metrics.js';
import { type ObjectRow, StoredObjectRepository } from './stored-object.repository.js';
import { UploadCompletion } from './upload-completion.js';
import { UploadLeases } from './upload-lease.js';

const PASS_EVERY_MS = 10_000;

/**
 * Looks again and again after uploads that no request looks after any more: hands over what was whole when a process died, and
 * removes what was given up. Runs in every api process; the lease lets only one of them touch an upload.
 */
@Injectable()
export class UploadRepairs implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('UploadRepairs');
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly rows: StoredObjectRepository,
    private readonly store: ObjectStore,
    private readonly leases: UploadLeases,
    private readonly completion: UploadCompletion,
    private readonly metrics: StorageMetrics,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.running = this.pass();
    }, PASS_EVERY_MS);
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.running;
  }

  /** One look at all abandoned uploads. Never rejects: what fails now is tried again at the next pass. */
  async pass(): Promise<void> {
    try {
      for (const row of await this.rows.findAbandoned()) await this.repairHeld(row);
    } catch (error) {
      this.logger.warn({ reason: nameOf(error) }, 'Abandoned uploads could not be looked for');
    }
  }

  private async repairHeld(row: ObjectRow): Promise<void> {
    const lease = this.leases.of(row.id);
    if (!(await this.rows.acquireLease(row.id, lease.holder))) return;
    lease.keep({ wanted: () => undefined, lost: () => undefined });
    try {
      const present = await this.rows.find(row.id);
      if (present) await this.repair(present);
    } catch (error) {
      if (!(error instanceof ProblemError)) this.logger.warn({ objectId: row.id, reason: nameOf(error) }, 'An upload could not be repaired');
    } finally {
      await lease.release();
    }
  }

  private async repair(row: ObjectRow): Promise<void> {
    if (row.state === 'stored') return this.handOver(row.id, row.lengthBytes ?? 0);
    if (row.lengthBytes === null) return this.abandon(row.id);
    const size = (await this.store.size(row.id)) ?? 0;
    if (size === row.lengthBytes) return this.handOver(row.id, size);
    if (row.expiresAt && row.expiresAt.getTime() < Date.now()) return this.abandon(row.id);
  }

  private async handOver(id: string, size: number): Promise<void> {
    if (this.completion.hasReceiver) await this.completion.finish(id, size);
  }

  private async abandon(id: string): Promise<void> {
    await this.completion.destroy(id);
    this.metrics.uploads.inc({ outcome: 'abandoned' });
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}
