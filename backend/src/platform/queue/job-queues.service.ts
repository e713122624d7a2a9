import { getQueueToken } from '@nestjs/bull';
import { Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { type JobName, type QueueName, jobs } from '@auscult/contracts';
import type { Queue } from 'bull';

/** Finds the Bull queue that a job travels in. */
@Injectable()
export class JobQueues {
  constructor(private readonly moduleRef: ModuleRef) {}

  of(name: JobName): Queue {
    return this.named(jobs[name].queue);
  }

  named(name: QueueName): Queue {
    return this.moduleRef.get<Queue>(getQueueToken(name), { strict: false });
  }
}
