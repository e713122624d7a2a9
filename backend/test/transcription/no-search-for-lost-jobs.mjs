/** Loaded by Node before a worker (`--import`): this one never looks for jobs that Redis has lost. */
import 'reflect-metadata';
import { JobReconciler } from '../../dist/platform/queue/job-reconciler.service.js';

JobReconciler.prototype.reconcile = async () => undefined;
