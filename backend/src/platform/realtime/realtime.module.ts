import { type DynamicModule, Global, Module, type Type } from '@nestjs/common';
import { RealtimePublisher } from './realtime-publisher.service.js';
import { SocketAdmission } from './socket-admission.service.js';
import { SocketSessions } from './socket-sessions.service.js';

/** Publishes live events from any process. */
@Global()
@Module({ providers: [RealtimePublisher], exports: [RealtimePublisher] })
export class RealtimeModule {}

/** Lets sockets in; for the api. */
@Module({})
export class SocketsModule {
  /** @param verifierModule exports an `AccessTokenVerifier` */
  static admittedBy(verifierModule: Type): DynamicModule {
    return { module: SocketsModule, global: true, imports: [verifierModule], providers: [SocketAdmission, SocketSessions], exports: [SocketAdmission, SocketSessions] };
  }
}
