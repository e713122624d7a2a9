import { Injectable } from '@nestjs/common';
import type { Socket } from 'socket.io';
import { AccessTokenVerifier, type AuthenticatedUser } from '../access/index.js';
import { DatabaseWork } from '../database/index.js';
import { ProblemError, toProblem } from '../http/index.js';
import { sessionRoom, userRoom } from './rooms.js';
import { MAX_SOCKETS_PER_USER, limitEvents } from './socket-limits.js';
import { acknowledge } from './socket-problem.filter.js';

/** Lets a socket in by the access token of its handshake (`auth: { token }`) and shows it out when that token ends. */
@Injectable()
export class SocketAdmission {
  constructor(
    private readonly verifier: AccessTokenVerifier,
    private readonly work: DatabaseWork,
  ) {}

  /** Middleware of the namespace. A refused client gets `connect_error` with the code as message and the problem as data. */
  readonly admit = (socket: Socket, next: (error?: Error) => void): void => {
    this.work.run(() => this.welcome(socket)).then(() => next(), (error: unknown) => next(refusal(error)));
  };

  private async welcome(socket: Socket): Promise<void> {
    const token: unknown = socket.handshake.auth['token'];
    if (typeof token !== 'string') throw new ProblemError('sign-in-required');
    const { expiresAt, ...user } = await this.verifier.verify(token);
    // The handshake outlives its use; what needs no token any more must not be able to log or pass it on.
    delete socket.handshake.auth['token'];
    (socket.data as { user: AuthenticatedUser }).user = user;
    requirePlace(socket, user.id);
    await socket.join([userRoom(user.id), sessionRoom(user.sessionId)]);
    const end = setTimeout(() => socket.disconnect(true), Math.max(0, expiresAt.getTime() - Date.now()));
    socket.once('disconnect', () => {
      clearTimeout(end);
      // A connection that leaves its namespace and stays would count as a stranger for ever.
      socket.conn.close();
    });
    limitEvents(socket);
    answerUnknownEvents(socket);
  }
}

function requirePlace(socket: Socket, userId: string): void {
  const open = socket.nsp.adapter.rooms.get(userRoom(userId))?.size ?? 0;
  if (open >= MAX_SOCKETS_PER_USER) throw new ProblemError('too-many-requests', 'Too many connections are open; close some.');
}

function refusal(error: unknown): Error {
  const problem = toProblem(error).toProblem();
  return Object.assign(new Error(problem.code), { data: problem });
}

/** An event without a handler would leave its caller waiting for the acknowledgement. */
function answerUnknownEvents(socket: Socket): void {
  socket.onAny((event: string, ...args: unknown[]) => {
    if (socket.listenerCount(event) > 0) return;
    acknowledge(args, { ok: false, problem: new ProblemError('not-found').toProblem() });
  });
}
