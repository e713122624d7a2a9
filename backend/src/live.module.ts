import { type DynamicModule, Module } from '@nestjs/common';
import { entities } from './entities.js';
import { LiveWorkerModule } from './modules/transcription/index.js';
import { type AppConfig, ConfigModule } from './platform/config/index.js';
import { DatabaseModule } from './platform/database/index.js';
import { ObservabilityModule, loggerModule } from './platform/observability/index.js';
import { QueueModule } from './platform/queue/index.js';
import { RealtimeModule } from './platform/realtime/index.js';
import { RedisModule } from './platform/redis/index.js';

/** The live process: transcribes while somebody speaks. It does no jobs, so that no file ever stands before a voice. */
@Module({})
export class LiveModule {
  static forRoot(config: AppConfig): DynamicModule {
    return {
      module: LiveModule,
      imports: [
        ConfigModule.forRoot(config),
        loggerModule(config),
        ObservabilityModule,
        RedisModule,
        DatabaseModule.forRoot(config, entities),
        QueueModule.forProducers(),
        RealtimeModule,
        LiveWorkerModule,
      ],
    };
  }
}
