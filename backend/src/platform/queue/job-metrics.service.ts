import { Inject, Injectable } from '@nestjs/common';
import { type JobName, jobNames, queueNames } from '@auscult/contracts';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { METRICS } from '../observability/index.js';
import { JobQueues } from './job-queues.service.js';

const outcomes = ['completed', 'failed', 'abandoned', 'postponed'] as const;

/**
 * `completed`; `failed` and to be tried again; `abandoned` for good; `postponed` because another run holds the job or this
 * process shuts down.
 */
export type JobOutcome = (typeof outcomes)[number];

/** Counts what the jobs come to, and how many wait for how long. The label is not `job`: that is Prometheus' own for what it scrapes. */
@Injectable()
export class JobMetrics {
  private readonly outcomes: Counter<'name' | 'outcome'>;
  private readonly duration: Histogram<'name' | 'outcome'>;

  constructor(
    @Inject(METRICS) registry: Registry,
    private readonly queues: JobQueues,
  ) {
    const registers = [registry];
    this.outcomes = new Counter({ name: 'auscult_jobs_total', help: 'Runs of jobs by outcome', labelNames: ['name', 'outcome'], registers });
    this.duration = new Histogram({
      name: 'auscult_job_duration_seconds', help: 'Time that one run of a job took', labelNames: ['name', 'outcome'],
      buckets: [0.05, 0.5, 2, 10, 30, 60, 300, 900, 3600, 14_400], registers,
    });
    // What begins with 1 has not increased for Prometheus: the first recording that was given up would raise no alert.
    for (const name of jobNames) for (const outcome of outcomes) this.outcomes.inc({ name, outcome }, 0);
    this.measureQueues(registers);
  }

  record(name: JobName, outcome: JobOutcome, seconds: number): void {
    this.outcomes.inc({ name, outcome });
    this.duration.observe({ name, outcome }, seconds);
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
