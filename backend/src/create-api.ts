import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Logger } from 'nestjs-pino';
import type { Registry } from 'prom-client';
import { ApiModule } from './api.module.js';
import type { AppConfig } from './platform/config/index.js';
import { answerNotFound, configureHttp } from './platform/http/index.js';
import { METRICS, measureRequests } from './platform/observability/index.js';
import { RedisIoAdapter } from './platform/realtime/index.js';

/** Builds the api without opening its port; the tests use the same one. */
export async function createApi(config: AppConfig): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(ApiModule.forRoot(config), {
    bufferLogs: true,
    bodyParser: false,
    abortOnError: false,
  });
  app.useLogger(app.get(Logger));
  app.use(measureRequests(app.get<Registry>(METRICS)));
  configureHttp(app, config);
  app.useWebSocketAdapter(new RedisIoAdapter(app));
  await app.init();
  app.use(answerNotFound);
  return app;
}
