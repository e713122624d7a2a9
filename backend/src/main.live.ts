import 'reflect-metadata';
import { createLive } from './create-live.js';
import { loadConfig } from './platform/config/index.js';
import { runProcess } from './platform/lifecycle/index.js';

await runProcess(() => createLive(loadConfig(process.env, 'live')));
