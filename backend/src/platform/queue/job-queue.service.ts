import { Injectable, Logger } from '@nestjs/common';
import { type JobName, type JobPayload, jobs } from '@auscult/contracts';
import { JobQueues } from './job-queues.service.js';

/** How long a request waits for Redis to take a job; the reconciler enqueues it when Redis is back. */
const ENQUEUE_TIMEOUT_MS = 2000;
const ATTEMPTS = 3;
const FIRST_RETRY_DELAY_MS = 1000;

/** Puts jobs into their queues. */
@Injectable()
export class JobQueue {
  private readonly logger = new Logger('JobQueue');

  constructor(private readonly queues: JobQueues) {}

  /**
   * Call this after the commit: a worker may pick the job up at once and must find the row. While a job with this name and key
   * waits or runs, another one is not added. Never rejects for want of Redis: the row is the truth and the reconciler
   * delivers it later.
   */
  async enqueue<N extends JobName>(name: N, payload: JobPayload<N>, key: string): Promise<void> {
    const checked = jobs[name].payload.parse(payload);
    const added = this.queues.of(name).add(name, checked, {
      jobId: `${name}:${key}`,
      attempts: ATTEMPTS,
      backoff: { type: 'exponential', delay: FIRST_RETRY_DELAY_MS },
      removeOnComplete: true,
      removeOnFail: true,
    });
    await this.withinTime(added, name);
  }

  private async withinTime(added: Promise<unknown>, name: JobName): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const giveUp = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), ENQUEUE_TIMEOUT_MS);
    });
    const outcome = await Promise.race([added.then(() => 'added' as const, () => 'refused' as const), giveUp]);
    clearTimeout(timer);
    if (outcome !== 'added') this.logger.warn({ job: name, outcome }, 'Redis did not take a job; the reconciler will deliver it');
  }
}
