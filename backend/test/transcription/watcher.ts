import type { Ack, ServerEventName, ServerEventPayload } from '@auscult/contracts';
import { type Socket, io } from 'socket.io-client';
import type { Caller } from './caller.js';

/** An open page: a socket that remembers every event. */
export class Watcher {
  private readonly events: { name: ServerEventName; payload: unknown }[] = [];
  private readonly waiting = new Set<() => void>();

  private constructor(readonly socket: Socket) {
    socket.onAny((name: ServerEventName, payload: unknown) => {
      this.events.push({ name, payload });
      for (const look of this.waiting) look();
    });
  }

  static async connect({ url, token }: Caller): Promise<Watcher> {
    const socket = io(url, { auth: { token }, transports: ['websocket'], reconnection: false, forceNew: true });
    const watcher = new Watcher(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    });
    return watcher;
  }

  ask(event: string, payload: unknown): Promise<Ack> {
    return this.socket.timeout(20_000).emitWithAck(event, payload) as Promise<Ack>;
  }

  all<E extends ServerEventName>(name: E): ServerEventPayload<E>[] {
    return this.events.filter((event) => event.name === name).map((event) => event.payload as ServerEventPayload<E>);
  }

  /** The first event of this name, past or future, that fits. */
  event<E extends ServerEventName>(name: E, fits: (payload: ServerEventPayload<E>) => boolean = () => true, withinMs = 90_000): Promise<ServerEventPayload<E>> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = this.all(name).find(fits);
        if (found === undefined) return;
        clearTimeout(timer);
        this.waiting.delete(look);
        resolve(found);
      };
      const timer = setTimeout(() => {
        this.waiting.delete(look);
        reject(new Error(`No ${name} came that fits`));
      }, withinMs);
      this.waiting.add(look);
      look();
    });
  }

  close(): void {
    this.socket.disconnect();
  }
}
