import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Logger } from 'nestjs-pino';
import { LiveModule } from './live.module.js';
import type { AppConfig } from './platform/config/index.js';

/** Builds and starts the live process. */
export async function createLive(config: AppConfig): Promise<INestApplicationContext> {
  const app = await NestFactory.createApplicationContext(LiveModule.forRoot(config), { bufferLogs: true, abortOnError: false });
  app.useLogger(app.get(Logger));
  return app;
}
