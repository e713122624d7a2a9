import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { type QueueName, jobs, queueNames } from '@auscult/contracts';
import type { Job } from 'bull';
import { DatabaseWork } from '../database/index.js';
import { JobHandlers, type RegisteredHandler } from './job-handlers.service.js';
import { JobLock } from './job-lock.service.js';
import { JobMetrics, type JobOutcome } from './job-metrics.service.js';
import { JobQueues } from './job-queues.service.js';
import { JobStarts } from './job-starts.service.js';

/** A job that took its process down this often is given up. */
const MAX_CRASHES = 3;
/** How long a shutdown waits for jobs to stop by themselves. */
const STOP_TIMEOUT_MS = 8000;

/**
 * Does the jobs. Bull delivers, and may deliver twice or too late; this class sees to it that a job runs alone (JobLock), that
 * one which crashes its process is given up after a few times, and that a shutdown hands running jobs to the next process.
 */
@Injectable()
export class JobRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('JobRunner');
  private readonly stopping = new AbortController();

  constructor(
    private readonly handlers: JobHandlers,
    private readonly queues: JobQueues,
    private readonly lock: JobLock,
    private readonly work: DatabaseWork,
    private readonly starts: JobStarts,
    private readonly metrics: JobMetrics,
  ) {}

  onApplicationBootstrap(): void {
    const registered = this.handlers.all();
    for (const queue of queueNames) this.listen(queue);
    for (const entry of registered) {
      const queue = this.queues.of(entry.name);
      queue.process(entry.name, entry.concurrency, (job: Job<unknown>) => this.run(entry, job)).catch((error: unknown) => {
        this.logger.error({ err: error, job: entry.name }, 'A queue cannot be read');
      });
    }
  }

  /** Running jobs are told to stop and then leave Redis as if done; their rows still want them, so the reconciler re-queues them. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    const queues = queueNames.map((name) => this.queues.named(name));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, STOP_TIMEOUT_MS);
    });
    await Promise.race([Promise.allSettled(queues.map((queue) => queue.close())), late]);
    clearTimeout(timer);
    // @nestjs/bull would now wait for the same close again, without a limit: a job that does not stop would hold up the process.
    for (const queue of queues) Object.assign(queue, { onApplicationShutdown: () => undefined });
  }

  private listen(name: QueueName): void {
    const queue = this.queues.named(name);
    queue.on('error', (error: Error) => this.logger.warn({ queue: name, code: (error as NodeJS.ErrnoException).code }, 'Bull reports a fault'));
    queue.on('stalled', (job: Job) => this.logger.warn({ queue: name, jobId: job.id }, 'A job lost its worker and waits again'));
  }

  private async run(entry: RegisteredHandler, job: Job<unknown>): Promise<void> {
    const started = performance.now();
    let outcome: JobOutcome = 'failed';
    try {
      const result = await this.lock.runAlone(String(job.id), (lost) => this.attempt(entry, job, lost));
      outcome = result === 'busy' ? 'postponed' : result;
      this.logger.log({ job: entry.name, jobId: job.id, outcome }, 'A job has ended');
    } catch (error) {
      this.logger.warn({ err: error, job: entry.name, jobId: job.id, attempt: job.attemptsMade + 1 }, 'A job failed and will be tried again');
      throw error;
    } finally {
      this.metrics.record(entry.name, outcome, (performance.now() - started) / 1000);
    }
  }

  /** @returns what became of the job; rejects when Bull shall try again */
  private async attempt(entry: RegisteredHandler, job: Job<unknown>, lost: AbortSignal): Promise<JobOutcome> {
    const payload = jobs[entry.name].payload.parse(job.data) as never;
    if ((await this.starts.count(job)) - job.attemptsMade > MAX_CRASHES) return this.abandon(entry, job, payload);
    const signal = AbortSignal.any([lost, this.stopping.signal]);
    try {
      await this.work.run(() => entry.handler.handle(payload, { signal }));
      await this.starts.forget(job);
      return 'completed';
    } catch (error) {
      if (this.stopping.signal.aborted || lost.aborted) {
        await this.starts.forget(job);
        return 'postponed';
      }
      if (job.attemptsMade + 1 < (job.opts.attempts ?? 1)) throw error;
      this.logger.error({ err: error, job: entry.name, jobId: job.id }, 'A job failed for the last time');
      return this.abandon(entry, job, payload);
    }
  }

  private async abandon(entry: RegisteredHandler, job: Job<unknown>, payload: never): Promise<JobOutcome> {
    this.logger.error({ job: entry.name, jobId: job.id, attempts: job.attemptsMade }, 'A job is given up');
    await this.work.run(async () => entry.handler.abandoned?.(payload));
    await this.starts.forget(job);
    return 'abandoned';
  }
}
