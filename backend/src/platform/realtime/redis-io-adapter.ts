import type { INestApplicationContext } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { createAdapter } from '@socket.io/redis-adapter';
import { Gauge, type Registry } from 'prom-client';
import type { Server, ServerOptions } from 'socket.io';
import { METRICS } from '../observability/index.js';
import { RedisConnections } from '../redis/index.js';
import { SocketAdmission } from './socket-admission.service.js';
import { ADMISSION_TIMEOUT_MS, hasRoomForStrangers } from './socket-limits.js';
import { SocketSessions } from './socket-sessions.service.js';

/** The largest event is a message of sound with 51,200 bytes; a larger one ends the connection. */
const MAX_EVENT_BYTES = 64 * 1024;
/** A line that is down without a word is noticed by both sides within the sum of these; whoever is speaking should know soon. */
const PING_INTERVAL_MS = 10_000;
const PING_TIMEOUT_MS = 8_000;

/** Socket.IO whose rooms reach over every api process through Redis, with authentication before anything else. */
export class RedisIoAdapter extends IoAdapter {
  constructor(private readonly app: INestApplicationContext) {
    super(app);
  }

  override createIOServer(port: number, options?: ServerOptions): Server {
    const server: Server = super.createIOServer(port, {
      ...options, path: '/socket.io', serveClient: false, maxHttpBufferSize: MAX_EVENT_BYTES, cors: { origin: false }, connectTimeout: ADMISSION_TIMEOUT_MS,
      pingInterval: PING_INTERVAL_MS, pingTimeout: PING_TIMEOUT_MS,
      allowRequest: (_request, decide) => decide(null, hasRoomForStrangers(server.of('/'), server.engine.clientsCount)),
    } as ServerOptions);
    const redis = this.app.get(RedisConnections);
    server.adapter(createAdapter(redis.open(), redis.open(), { key: redis.key('sockets') }));
    server.use(this.app.get(SocketAdmission).admit);
    this.app.get(SocketSessions).watch(server.of('/'));
    this.measure(server);
    return server;
  }

  private measure(server: Server): void {
    new Gauge({
      name: 'auscult_live_sockets', help: 'Sockets that are connected to this process', registers: [this.app.get<Registry>(METRICS)],
      collect() {
        this.set(server.of('/').sockets.size);
      },
    });
  }
}
