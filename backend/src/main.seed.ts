import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { DemoPractice } from './modules/users/index.js';
import { loadConfig } from './platform/config/index.js';
import { DatabaseWork } from './platform/database/index.js';
import { runOnce } from './platform/lifecycle/index.js';
import { SeedModule } from './seed.module.js';

/** Makes the demo practice and prints its accounts as one JSON line: `{ "accounts": [{ email, displayName, role, password }] }`. */
await runOnce(async () => {
  const config = loadConfig(process.env, 'seed');
  const app = await NestFactory.createApplicationContext(SeedModule.forRoot(config), { logger: false, abortOnError: false });
  try {
    return { accounts: await app.get(DatabaseWork).run(() => app.get(DemoPractice).provision(config.demoPassword)) };
  } finally {
    await app.close();
  }
});
