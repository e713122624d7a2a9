import { type DynamicModule, Module } from '@nestjs/common';
import { AuthModule } from './modules/auth/index.js';
import { TranscriptionApiModule } from './modules/transcription/index.js';
import { UsersApiModule } from './modules/users/index.js';
import { AccessModule } from './platform/access/index.js';
import type { AppConfig } from './platform/config/index.js';
import { HttpModule } from './platform/http/index.js';
import { HealthController } from './platform/observability/index.js';
import { QueueModule } from './platform/queue/index.js';
import { SocketsModule } from './platform/realtime/index.js';
import { platformModules } from './platform-modules.js';

/** The api: REST, sockets and the portal. It enqueues jobs and does none. */
@Module({})
export class ApiModule {
  static forRoot(config: AppConfig): DynamicModule {
    return {
      module: ApiModule,
      imports: [
        ...platformModules(config),
        HttpModule,
        AccessModule,
        QueueModule.forProducers(),
        AuthModule,
        SocketsModule.admittedBy(AuthModule),
        UsersApiModule,
        TranscriptionApiModule,
      ],
      controllers: [HealthController],
    };
  }
}
