import { SetMetadata } from '@nestjs/common';
import type { JobName, JobPayload } from '@auscult/contracts';

export const JOB_HANDLER = 'auscult:job-handler';
export const FINDS_LOST_JOBS = 'auscult:finds-lost-jobs';

export interface JobHandlerOptions {
  /** How many of these run at once in one process; default 1. */
  concurrency?: number;
}
export interface JobHandlerMetadata {
  name: JobName;
  concurrency: number;
}

/** Marks the one provider that does the jobs of this name. Without it, or with two of them, the worker does not start. */
export function JobHandler<N extends JobName>(name: N, options: JobHandlerOptions = {}): ClassDecorator {
  return SetMetadata(JOB_HANDLER, { name, concurrency: options.concurrency ?? 1 } satisfies JobHandlerMetadata);
}

/** Given to a handler with each job. */
export interface JobContext {
  /** Aborts when this process shuts down: stop soon and reject; the job is then done anew by another process. */
  readonly signal: AbortSignal;
}

export interface HandlesJob<N extends JobName> {
  /**
   * Does the job, in an entity manager of its own. It may run again after a crash at any point, but never twice at the same
   * time. Rejecting means: try again later, three times in all.
   */
  handle(payload: JobPayload<N>, context: JobContext): Promise<void>;
  /** Called once the job is given up: after the last retry, or when it took its process down again and again. */
  abandoned?(payload: JobPayload<N>): Promise<void>;
}

/** A job that some row is waiting for. */
export type WantedJob = { [N in JobName]: { name: N; payload: JobPayload<N>; key: string } }[JobName];

/** Knows the rows whose job may have been lost with Redis. Marked with `@FindsLostJobs()`. */
export interface LostJobSource {
  /** Every job that the rows wait for now; those that Redis still has are left alone. */
  findLostJobs(): Promise<WantedJob[]>;
}

export const FindsLostJobs = (): ClassDecorator => SetMetadata(FINDS_LOST_JOBS, true);
