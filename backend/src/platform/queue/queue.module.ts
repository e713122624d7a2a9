import { BullModule } from '@nestjs/bull';
import { type DynamicModule, Module, type Provider } from '@nestjs/common';
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
import { queueOptions } from './queue-options.js';

/** The typed job queue over Bull. */
@Module({})
export class QueueModule {
  /** For a process that only enqueues. */
  static forProducers(): DynamicModule {
    return QueueModule.assemble([]);
  }

  /** For a process that also does the jobs. */
  static forWorkers(): DynamicModule {
    return QueueModule.assemble([JobHandlers, JobLock, JobMetrics, JobRunner, JobReconciler]);
  }

  private static assemble(extra: Provider[]): DynamicModule {
    return {
      module: QueueModule,
      global: true,
      imports: [
        DiscoveryModule,
        BullModule.forRootAsync({ useFactory: queueOptions, inject: [RedisConnections] }),
        BullModule.registerQueue(...queueNames.map((name) => ({ name }))),
      ],
      providers: [JobQueues, JobQueue, ...extra],
      exports: [JobQueues, JobQueue, ...extra],
    };
  }
}
