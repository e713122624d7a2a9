import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DatabaseWork } from '../database/index.js';
import { RedisConnections } from '../redis/index.js';
import type { LostJobSource } from './job-handler.js';
import { JobHandlers } from './job-handlers.service.js';
import { JobQueue } from './job-queue.service.js';
import { QUEUE_TIMINGS, type QueueTimings } from './queue-options.js';

/**
 * Delivers again what Redis has lost. The rows say which jobs they wait for; enqueueing is a no-op while Redis still has the
 * job, so every one of them is simply enqueued.
 */
@Injectable()
export class JobReconciler implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('JobReconciler');
  private timer: NodeJS.Timeout | undefined;
  private current: Promise<void> | undefined;
  private stopped = false;

  constructor(
    private readonly handlers: JobHandlers,
    private readonly queue: JobQueue,
    private readonly work: DatabaseWork,
    private readonly redis: RedisConnections,
    @Inject(QUEUE_TIMINGS) private readonly timings: QueueTimings,
  ) {}

  onApplicationBootstrap(): void {
    this.schedule(0);
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.current;
  }

  /**
   * One pass over all sources. A source that fails does not keep the others from being asked. Nothing is done while Redis is
   * away: each job would wait for it, and wait once more with every pass.
   */
  async reconcile(): Promise<void> {
    if (!this.redis.isReachable) return;
    for (const source of this.handlers.lostJobSources()) await this.ask(source);
  }

  private async ask(source: LostJobSource): Promise<void> {
    try {
      const wanted = await this.work.run(() => source.findLostJobs());
      for (const job of wanted) {
        if (this.stopped) return;
        await this.queue.enqueue(job.name, job.payload, job.key);
      }
    } catch (error) {
      this.logger.warn({ err: error }, 'Lost jobs could not be looked for');
    }
  }

  private schedule(delay: number): void {
    this.timer = setTimeout(() => {
      this.current = this.reconcile().finally(() => {
        if (!this.stopped) this.schedule(this.timings.reconcileMs);
      });
    }, delay);
  }
}
