import { type DynamicModule, Module } from '@nestjs/common';
import { RealtimePublisher } from './realtime-publisher.service.js';
import { SocketAdmission } from './socket-admission.service.js';

/** Live events: publishing in every process, sockets in the api. */
@Module({})
export class RealtimeModule {
  static forPublishers(): DynamicModule {
    return { module: RealtimeModule, global: true, providers: [RealtimePublisher], exports: [RealtimePublisher] };
  }

  /** Needs an `AccessTokenVerifier`, which the auth module exports. */
  static forSockets(): DynamicModule {
    return { module: RealtimeModule, global: true, providers: [RealtimePublisher, SocketAdmission], exports: [RealtimePublisher, SocketAdmission] };
  }
}
