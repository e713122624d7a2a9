import { type DynamicModule, Module } from '@nestjs/common';
import { entities } from './entities.js';
import { TranscriptionWorkerModule } from './modules/transcription/index.js';
import { type AppConfig, ConfigModule } from './platform/config/index.js';
import { DatabaseModule } from './platform/database/index.js';
import { ObservabilityModule, loggerModule } from './platform/observability/index.js';
import { QueueModule } from './platform/queue/index.js';
import { RealtimeModule } from './platform/realtime/index.js';
import { RedisModule } from './platform/redis/index.js';

/** The worker: the application minus HTTP. It does the jobs and looks for lost ones. */
@Module({})
export class WorkerModule {
  static forRoot(config: AppConfig): DynamicModule {
    return {
      module: WorkerModule,
      imports: [
        ConfigModule.forRoot(config),
        loggerModule(config),
        ObservabilityModule,
        RedisModule,
        DatabaseModule.forRoot(config, entities),
        QueueModule.forWorkers(),
        RealtimeModule,
        TranscriptionWorkerModule,
      ],
    };
  }
}
