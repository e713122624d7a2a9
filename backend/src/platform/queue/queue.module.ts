import { BullModule } from '@nestjs/bull';
import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { queueNames } from '@auscult/contracts';
import { RedisConnections } from '../redis/index.js';
import { JobHandlers } from './job-handlers.service.js';
import { JobLock } from './job-lock.service.js';
import { JobMetrics } from './job-metrics.service.js';
import { JobQueue } from './job-queue.service.js';
import { JobQueues } from './job-queues.service.js';
import { JobReconciler } from './job-reconciler.service.js';
import { JobRunner } from './job-runner.service.js';
import { JobStarts } from './job-starts.service.js';
import { DEFAULT_TIMINGS, QUEUE_TIMINGS, type QueueTimings, queueOptions } from './queue-options.js';

/** The typed job queue over Bull. */
@Module({})
export class QueueModule {
  /** For a process that only enqueues. */
  static forProducers(): DynamicModule {
    return QueueModule.assemble([], DEFAULT_TIMINGS);
  }

  /** For a process that also does the jobs. The timings are for tests. */
  static forWorkers(timings: QueueTimings = DEFAULT_TIMINGS): DynamicModule {
    return QueueModule.assemble([JobHandlers, JobLock, JobMetrics, JobStarts, JobRunner, JobReconciler], timings);
  }

  private static assemble(workers: Type[], timings: QueueTimings): DynamicModule {
    return {
      module: QueueModule,
      global: true,
      imports: [
        DiscoveryModule,
        BullModule.forRootAsync({ useFactory: (redis: RedisConnections) => queueOptions(redis, timings), inject: [RedisConnections] }),
        BullModule.registerQueue(...queueNames.map((name) => ({ name }))),
      ],
      providers: [{ provide: QUEUE_TIMINGS, useValue: timings }, JobQueues, JobQueue, ...workers],
      exports: [JobQueues, JobQueue, ...workers],
    };
  }
}
