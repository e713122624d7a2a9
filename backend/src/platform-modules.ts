import type { DynamicModule, Type } from '@nestjs/common';
import { entities } from './entities.js';
import { type AppConfig, ConfigModule } from './platform/config/index.js';
import { DatabaseModule } from './platform/database/index.js';
import { ObservabilityModule, loggerModule } from './platform/observability/index.js';
import { RealtimeModule } from './platform/realtime/index.js';
import { RedisModule } from './platform/redis/index.js';

/** What the api, the worker and the live process all stand on. */
export function platformModules(config: AppConfig): (Type | DynamicModule)[] {
  return [ConfigModule.forRoot(config), loggerModule(config), ObservabilityModule, RedisModule, DatabaseModule.forRoot(config, entities), RealtimeModule];
}
