import type { SessionView } from '@auscult/contracts';
import { type Socket, io } from 'socket.io-client';

/** Somebody who is signed in: calls the api with her token and opens sockets. */
export class SignedIn {
  constructor(
    readonly url: string,
    readonly session: SessionView,
    /** The Set-Cookie header of the sign-in. */
    readonly setCookie: string,
  ) {}

  get id(): string {
    return this.session.user.id;
  }

  get token(): string {
    return this.session.accessToken;
  }

  /** The refresh cookie as a browser would send it. */
  get cookie(): string {
    return this.setCookie.split(';')[0] ?? '';
  }

  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.url}${path}`, { ...init, headers: { Authorization: `Bearer ${this.token}`, ...(init.headers as Record<string, string>) } });
  }

  /** Sends JSON and answers the response. */
  send(method: string, path: string, body?: unknown): Promise<Response> {
    const init: RequestInit = body === undefined ? { method } : { method, body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } };
    return this.fetch(path, init);
  }

  /** A connected socket; close it. */
  async socket(): Promise<Socket> {
    const socket = openSocket(this.url, this.token);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    });
    return socket;
  }
}

/** A socket that does not come back by itself and shares no connection with others. */
export function openSocket(url: string, token?: unknown): Socket {
  return io(url, { auth: token === undefined ? {} : { token }, transports: ['websocket'], reconnection: false, forceNew: true });
}
