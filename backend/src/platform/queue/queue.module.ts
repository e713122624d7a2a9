import { BullModule } from '@nestjs/bull';
import { type DynamicModule, Module } from '@nestjs/common';
import { queueNames } from '@auscult/contracts';
import { RedisConnections } from '../redis/index.js';
import { queueOptions } from './queue-options.js';
import { JobQueue } from './job-queue.service.js';
import { JobQueues } from './job-queues.service.js';

/** The typed job queue over Bull. */
@Module({})
export class QueueModule {
  /** For a process that only enqueues. */
  static forProducers(): DynamicModule {
    return {
      module: QueueModule,
      global: true,
      imports: [
        BullModule.forRootAsync({ useFactory: queueOptions, inject: [RedisConnections] }),
        BullModule.registerQueue(...queueNames.map((name) => ({ name }))),
      ],
      providers: [JobQueues, JobQueue],
      exports: [JobQueues, JobQueue],
    };
  }
}
