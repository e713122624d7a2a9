import 'reflect-metadata';
import { createWorker } from './create-worker.js';
import { loadConfig } from './platform/config/index.js';
import { runProcess } from './platform/lifecycle/index.js';

await runProcess(() => createWorker(loadConfig(process.env, 'worker')));
