import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Redis, type RedisOptions } from 'ioredis';
import { APP_CONFIG, type AppConfig } from '../config/index.js';
import { HealthRegistry } from '../observability/index.js';

/** Longest pause between two attempts to reach Redis; it may be away for minutes and must be found again within seconds. */
const RECONNECT_PAUSE_MS = 1000;
/** An answer that is waited for comes within this time, of the longest blocking command too (5 s); or the line is down without a word, and is opened anew. */
const SILENCE_MS = 10_000;
/** Who only listens waits for no answer: the system asks whether the other side still knows the connection, first after so long. */
const KEEP_ALIVE_MS = 5_000;

/**
 * A connection keeps trying by itself, so a first attempt that fails is no failure: Bull, which asks its connection to come back when it
 * stops, would leave the rejection to nobody.
 */
class PatientRedis extends Redis {
  override async connect(): Promise<void> {
    await super.connect().catch(() => undefined);
  }
}

/**
 * Opens every connection to Redis of this process and closes them all at shutdown. Each connection comes back by itself when
 * Redis was away; commands wait meanwhile (`maxRetriesPerRequest: null`), so whoever must not wait sets a time limit.
 */
@Injectable()
export class RedisConnections implements OnApplicationShutdown {
  private readonly logger = new Logger('Redis');
  private readonly connections = new Set<Redis>();
  private sharedConnection: Redis | undefined;
  private closed = false;

  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    health: HealthRegistry,
  ) {
    // Those too that refuse what they are given until they are connected: who is told "ready" must not be refused by the next command.
    health.register('redis', async () => {
      await Promise.all([this.shared, ...this.refusing()].map((connection) => connection.ping()));
    });
  }

  /** Prefix for keys and channels: `<prefix>:`. */
  key(...parts: string[]): string {
    return [this.config.redisPrefix, ...parts].join(':');
  }

  /** The connection for ordinary, quick commands. */
  get shared(): Redis {
    this.sharedConnection ??= this.open();
    return this.sharedConnection;
  }

  /** False while Redis is away; true before the first command, which is what opens the connection. */
  get isReachable(): boolean {
    return ['ready', 'wait', 'connect', 'connecting'].includes(this.shared.status);
  }

  /** A connection of one's own: for blocking commands and subscriptions. */
  open(options: RedisOptions = {}): Redis {
    const connection = new PatientRedis(this.config.redisUrl, {
      maxRetriesPerRequest: null,
      enableReadyCheck: false,
      socketTimeout: SILENCE_MS,
      keepAlive: KEEP_ALIVE_MS,
      retryStrategy: (attempt) => Math.min(attempt * 50, RECONNECT_PAUSE_MS),
      ...options,
    });
    connection.on('error', (error: NodeJS.ErrnoException) => this.logger.warn({ code: error.code }, 'Redis connection failed'));
    // Bull ends its blocking connection to pause a queue and opens the same one again, also while the process stops.
    connection.on('connect', () => {
      this.connections.add(connection);
      if (this.closed) connection.disconnect();
    });
    connection.on('end', () => this.connections.delete(connection));
    this.connections.add(connection);
    return connection;
  }

  private refusing(): Redis[] {
    return [...this.connections].filter(({ options }) => options.enableOfflineQueue === false);
  }

  /** Runs after the queues and the sockets have been closed; a connection that waits for Redis is cut, not awaited. */
  onApplicationShutdown(): void {
    this.closed = true;
    for (const connection of [...this.connections]) connection.disconnect();
  }
}
