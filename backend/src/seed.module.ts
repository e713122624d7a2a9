import { type DynamicModule, Module } from '@nestjs/common';
import { Practice, User, UsersModule } from './modules/users/index.js';
import { type AppConfig, ConfigModule } from './platform/config/index.js';
import { DatabaseModule } from './platform/database/index.js';
import { HealthModule } from './platform/observability/index.js';

/** As much of the application as it takes to add people: no Redis, no ports. */
@Module({})
export class SeedModule {
  static forRoot(config: AppConfig): DynamicModule {
    return { module: SeedModule, imports: [ConfigModule.forRoot(config), HealthModule, DatabaseModule.forRoot(config, [Practice, User]), UsersModule] };
  }
}
