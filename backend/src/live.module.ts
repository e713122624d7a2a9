import { type DynamicModule, Module } from '@nestjs/common';
import { LiveWorkerModule } from './modules/transcription/index.js';
import type { AppConfig } from './platform/config/index.js';
import { QueueModule } from './platform/queue/index.js';
import { platformModules } from './platform-modules.js';

/** The live process: transcribes while somebody speaks. It does no jobs, so that no file ever stands before a voice. */
@Module({})
export class LiveModule {
  static forRoot(config: AppConfig): DynamicModule {
    return {
      module: LiveModule,
      imports: [...platformModules(config), QueueModule.forProducers(), LiveWorkerModule],
    };
  }
}
