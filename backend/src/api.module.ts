import { type DynamicModule, Module } from '@nestjs/common';
import { entities } from './entities.js';
import { AuthModule } from './modules/auth/index.js';
import { TranscriptionApiModule } from './modules/transcription/index.js';
import { UsersApiModule } from './modules/users/index.js';
import { AccessModule } from './platform/access/index.js';
import { type AppConfig, ConfigModule } from './platform/config/index.js';
import { DatabaseModule } from './platform/database/index.js';
import { HttpModule } from './platform/http/index.js';
import { HealthController, ObservabilityModule, loggerModule } from './platform/observability/index.js';
import { QueueModule } from './platform/queue/index.js';
import { RealtimeModule, SocketsModule } from './platform/realtime/index.js';
import { RedisModule } from './platform/redis/index.js';

/** The api: REST, sockets and the portal. It enqueues jobs and does none. */
@Module({})
export class ApiModule {
  static forRoot(config: AppConfig): DynamicModule {
    return {
      module: ApiModule,
      imports: [
        ConfigModule.forRoot(config),
        loggerModule(config),
        ObservabilityModule,
        RedisModule,
        DatabaseModule.forRoot(config, entities),
        HttpModule,
        AccessModule,
        QueueModule.forProducers(),
        AuthModule,
        RealtimeModule,
        SocketsModule.admittedBy(AuthModule),
        UsersApiModule,
        TranscriptionApiModule,
      ],
      controllers: [HealthController],
    };
  }
}
