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

  /** Bull takes the job at the end of its waiting list next, which is the oldest. */
  async oldestWaitingSeconds(name: QueueName): Promise<number> {
    const queue = this.named(name);
    const id = await queue.client.lindex(queue.toKey('wait'), -1);
    const job = id === null ? null : await queue.getJob(id);
    return job ? Math.max(0, (Date.now() - job.timestamp) / 1000) : 0;
  }

  named(name: QueueName): Queue {
    return this.moduleRef.get<Queue>(getQueueToken(name), { strict: false });
  }
}
