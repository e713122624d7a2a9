export {
  FindsLostJobs, type HandlesJob, type JobContext, JobHandler, type JobHandlerOptions, type LostJobSource, type WantedJob,
} from './job-handler.js';
export { JobLock } from './job-lock.service.js';
export { JobQueue } from './job-queue.service.js';
export { JobQueues } from './job-queues.service.js';
export { QueueModule } from './queue.module.js';
export { JobHandlers } from './job-handlers.service.js';
export { JobReconciler } from './job-reconciler.service.js';
export { JobRunner } from './job-runner.service.js';
