import 'reflect-metadata';
import { createWorker } from './create-worker.js';
import { loadConfig } from './platform/config/index.js';
import { lowerPriority, runProcess } from './platform/lifecycle/index.js';

lowerPriority();
await runProcess(() => createWorker(loadConfig(process.env, 'worker')));
