import { Injectable } from '@nestjs/common';
import { DiscoveryService, Reflector } from '@nestjs/core';
import { type JobName, jobNames } from '@auscult/contracts';
import { FINDS_LOST_JOBS, type HandlesJob, JOB_HANDLER, type JobHandlerMetadata, type LostJobSource } from './job-handler.js';

export interface RegisteredHandler {
  name: JobName;
  concurrency: number;
  handler: HandlesJob<JobName>;
}

/** Finds the providers that do jobs and those that know of lost ones. */
@Injectable()
export class JobHandlers {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly reflector: Reflector,
  ) {}

  /** @throws Error when a job has no handler or two: a worker that cannot do everything must not start. */
  all(): RegisteredHandler[] {
    const found = this.marked<JobHandlerMetadata>(JOB_HANDLER).map(({ mark, instance }) => ({ ...mark, handler: instance as HandlesJob<JobName> }));
    const wrong = jobNames.flatMap((name) => {
      const count = found.filter((entry) => entry.name === name).length;
      return count === 1 ? [] : [`${name} has ${count === 0 ? 'no handler' : `${count} handlers`}`];
    });
    if (wrong.length > 0) throw new Error(`Each job needs exactly one handler: ${wrong.join('; ')}`);
    return found;
  }

  lostJobSources(): LostJobSource[] {
    return this.marked<true>(FINDS_LOST_JOBS).map(({ instance }) => instance as LostJobSource);
  }

  private marked<T>(key: string): { mark: T; instance: object }[] {
    return this.discovery.getProviders().flatMap((provider) => {
      const instance: unknown = provider.instance;
      if (typeof instance !== 'object' || instance === null) return [];
      const mark = this.reflector.get<T | undefined>(key, instance.constructor);
      return mark === undefined ? [] : [{ mark, instance }];
    });
  }
}
