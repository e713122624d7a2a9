import 'reflect-metadata';
import { lowerPriority } from '@auscult/speech';
import { createWorker } from './create-worker.js';
import { loadConfig } from './platform/config/index.js';
import { runProcess } from './platform/lifecycle/index.js';

lowerPriority();
await runProcess(() => createWorker(loadConfig(process.env, 'worker')));
