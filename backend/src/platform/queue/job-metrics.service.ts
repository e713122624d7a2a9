import { Inject, Injectable } from '@nestjs/common';
import { type JobName, queueNames } from '@auscult/contracts';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { METRICS } from '../observability/index.js';
import { JobQueues } from './job-queues.service.js';

/**
 * `completed`; `failed` and to be tried again; `abandoned` for good; `postponed` because another run holds the job or this
 * process shuts down.
 */
export type JobOutcome = 'completed' | 'failed' | 'abandoned' | 'postponed';

/** Counts what the jobs come to, and how many wait for how long. */
@Injectable()
export class JobMetrics {
  private readonly outcomes: Counter<'job' | 'outcome'>;
  private readonly duration: Histogram<'job' | 'outcome'>;

  constructor(
    @Inject(METRICS) registry: Registry,
    private readonly queues: JobQueues,
  ) {
    const registers = [registry];
    this.outcomes = new Counter({ name: 'auscult_jobs_total', help: 'Runs of jobs by outcome', labelNames: ['job', 'outcome'], registers });
    this.duration = new Histogram({
      name: 'auscult_job_duration_seconds', help: 'Time that one run of a job took', labelNames: ['job', 'outcome'],
      buckets: [0.05, 0.5, 2, 10, 30, 60, 300, 900, 3600, 14_400], registers,
    });
    this.measureQueues(registers);
  }

  record(job: JobName, outcome: JobOutcome, seconds: number): void {
    this.outcomes.inc({ job, outcome });
    this.duration.observe({ job, outcome }, seconds);
  }

  private measureQueues(registers: Registry[]): void {
    const { queues } = this;
    new Gauge({
      name: 'auscult_queue_jobs', help: 'Jobs in a queue by state', labelNames: ['queue', 'state'] as const, registers,
      async collect() {
        for (const queue of queueNames) {
          const counts = await queues.named(queue).getJobCounts();
          for (const state of ['waiting', 'active', 'delayed'] as const) this.set({ queue, state }, counts[state]);
        }
      },
    });
    new Gauge({
      name: 'auscult_queue_oldest_waiting_seconds', help: 'How long the oldest waiting job has been in the queue', labelNames: ['queue'] as const, registers,
      async collect() {
        for (const queue of queueNames) this.set({ queue }, await queues.oldestWaitingSeconds(queue));
      },
    });
  }
}
