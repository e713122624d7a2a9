import { MikroOrmModule } from '@mikro-orm/nestjs';
import { type DynamicModule, Module } from '@nestjs/common';
import type { AppConfig } from '../config/index.js';
import { DatabaseWork } from './database-work.service.js';
import { type Entities, databaseOptions } from './database-options.js';

/** PostgreSQL through MikroORM. Services inject `EntityManager` from `@mikro-orm/postgresql`. */
@Module({})
export class DatabaseModule {
  static forRoot(config: AppConfig, entities: Entities): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      imports: [MikroOrmModule.forRoot({ ...databaseOptions(config.databaseUrl, entities), registerRequestContext: config.role === 'api' })],
      providers: [DatabaseWork],
      exports: [DatabaseWork],
    };
  }
}
