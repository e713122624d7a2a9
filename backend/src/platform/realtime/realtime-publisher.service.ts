import { Injectable, Logger } from '@nestjs/common';
import type { ServerEventName, ServerEventPayload } from '@auscult/contracts';
import { Emitter } from '@socket.io/redis-emitter';
import type { Redis } from 'ioredis';
import { RedisConnections } from '../redis/index.js';
import { recordingRoom, sessionRoom, userRoom } from './rooms.js';

const PATIENCE_MS = 2_000;

/**
 * Sends events to browsers from any process: through Redis to whichever api holds the socket. Events are notifications: while
 * Redis is away they are dropped, and a client reads the rows again when it reconnects.
 */
@Injectable()
export class RealtimePublisher {
  private readonly logger = new Logger('RealtimePublisher');
  private readonly emitter: Emitter;

  constructor(redis: RedisConnections) {
    // What is told of many sessions in one turn of the event loop leaves in one write.
    // What Redis does not take now is old by the time it does.
    const connection = redis.open({ enableOfflineQueue: false, autoResendUnfulfilledCommands: false, commandTimeout: PATIENCE_MS, enableAutoPipelining: true });
    this.emitter = new Emitter({ publish: (channel: string, message: Buffer | string) => this.publish(connection, channel, message) }, { key: redis.key('sockets') });
  }

  toUser<E extends ServerEventName>(userId: string, event: E, payload: ServerEventPayload<E>): void {
    this.emitter.to(userRoom(userId)).emit(event, payload);
  }

  toRecording<E extends ServerEventName>(recordingId: string, event: E, payload: ServerEventPayload<E>): void {
    this.emitter.to(recordingRoom(recordingId)).emit(event, payload);
  }

  disconnectUser(userId: string): void {
    this.emitter.in(userRoom(userId)).disconnectSockets(true);
  }

  disconnectSession(sessionId: string): void {
    this.emitter.in(sessionRoom(sessionId)).disconnectSockets(true);
  }

  /** The emitter does not await: a rejection would take the process down. */
  private publish(connection: Redis, channel: string, message: Buffer | string): void {
    connection.publish(channel, message).catch(() => this.logger.debug('An event was dropped: Redis is away'));
  }
}
