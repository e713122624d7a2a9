import { type DynamicModule, Module } from '@nestjs/common';
import { TranscriptionWorkerModule } from './modules/transcription/index.js';
import type { AppConfig } from './platform/config/index.js';
import { QueueModule } from './platform/queue/index.js';
import { platformModules } from './platform-modules.js';

/** The worker: the application minus HTTP. It does the jobs and looks for lost ones. */
@Module({})
export class WorkerModule {
  static forRoot(config: AppConfig): DynamicModule {
    return {
      module: WorkerModule,
      imports: [...platformModules(config), QueueModule.forWorkers(), TranscriptionWorkerModule],
    };
  }
}
