import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Namespace, Socket } from 'socket.io';
import { AccessTokenVerifier, type AuthenticatedUser } from '../access/index.js';
import { DatabaseWork } from '../database/index.js';

const LOOK_EVERY_MS = 10_000;

/**
 * Shows out the sockets of sessions that are over. Redis tells that at once; what is lost there, or falls between a handshake and its room, is found by
 * asking the rows again and again.
 */
@Injectable()
export class SocketSessions implements OnApplicationShutdown {
  private readonly logger = new Logger('SocketSessions');
  private timer: NodeJS.Timeout | null = null;
  private looking: Promise<void> = Promise.resolve();

  constructor(
    private readonly verifier: AccessTokenVerifier,
    private readonly work: DatabaseWork,
  ) {}

  watch(namespace: Namespace): void {
    this.timer = setInterval(() => {
      this.looking = this.looking.then(() => this.look(namespace));
    }, LOOK_EVERY_MS);
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.looking;
  }

  /** Never rejects: while the database is away everybody stays until the next look. */
  private async look({ sockets }: Namespace): Promise<void> {
    const asked = [...sockets.values()];
    if (asked.length === 0) return;
    try {
      const open = await this.work.run(() => this.verifier.openSessions([...new Set(asked.map(sessionOf))]));
      for (const socket of asked) if (!open.has(sessionOf(socket))) socket.disconnect(true);
    } catch {
      this.logger.debug('Whose session is over was not found out; the next look will tell');
    }
  }
}

const sessionOf = (socket: Socket): string => (socket.data as { user: AuthenticatedUser }).user.sessionId;
