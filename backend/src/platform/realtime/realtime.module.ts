import { Global, Module } from '@nestjs/common';
import { RealtimePublisher } from './realtime-publisher.service.js';

/** Publishing, for every process. */
@Global()
@Module({ providers: [RealtimePublisher], exports: [RealtimePublisher] })
export class RealtimeModule {}
