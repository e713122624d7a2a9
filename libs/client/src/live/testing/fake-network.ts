import type { ClientEventAnswer, ClientEventName, ClientEventPayload, ServerEventName, ServerEventPayload } from '@auscult/contracts';
import { UnreachableError } from '../../errors.js';
import type { ConnectionState } from '../../realtime-client.js';
import type { LiveConnection } from '../live-connection.js';
import type { FakeLiveServer } from './fake-live-server.js';

/** What becomes of one request. `late` arrives after its sender has given up on it. */
export type Fate = 'answered' | 'slow' | 'request-lost' | 'answer-lost' | 'doubled' | 'late' | 'cut';

const ticks = async (count: number): Promise<void> => {
  for (let tick = 0; tick < count; tick += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** A connection to the fake server through a network that a test plays; each request asks it for its fate. */
export class FakeNetwork implements LiveConnection {
  state: ConnectionState = 'idle';
  fate: (event: ClientEventName) => Fate = () => 'answered';
  restarts = 0;
  watches = 0;
  readonly #stateListeners = new Set<(state: ConnectionState) => void>();
  #connection = 0;
  /** Requests that somebody waits for, or that may still reach the server. */
  #underWay = 0;

  constructor(readonly server: FakeLiveServer) {}

  connect(): void {
    if (this.state === 'idle') this.#become('connected');
  }

  restart(): void {
    this.restarts += 1;
    this.cut();
    this.mend();
  }

  cut(): void {
    this.#connection += 1;
    this.#become('interrupted');
  }

  mend(): void {
    this.#become('connected');
  }

  /** The token has run out, and no other can be had. */
  signOut(): void {
    this.#connection += 1;
    this.#become('signed-out');
  }

  /** Resolves when nothing that was sent can reach the server any more. */
  async quiet(): Promise<void> {
    while (this.#underWay > 0) await ticks(1);
  }

  async request<E extends ClientEventName>(event: E, payload: ClientEventPayload<E>): Promise<ClientEventAnswer<E>> {
    this.#underWay += 1;
    try {
      return await this.#request(event, payload);
    } finally {
      this.#underWay -= 1;
    }
  }

  async #request<E extends ClientEventName>(event: E, payload: ClientEventPayload<E>): Promise<ClientEventAnswer<E>> {
    if (this.state !== 'connected') throw new UnreachableError();
    const connection = this.#connection;
    const fate = this.fate(event);
    if (fate === 'cut') {
      this.cut();
      void ticks(3).then(() => this.mend());
    }
    // The copy that a real socket makes when it writes.
    const sent = structuredClone(payload);
    await ticks(fate === 'slow' ? 12 : 1);
    if (fate === 'late') void this.#handleLate(event, sent);
    if (fate === 'request-lost' || fate === 'late' || fate === 'cut') return this.#silence();
    const answer = await this.#handled(event, sent);
    if (fate === 'doubled') this.#handleQuietly(event, sent);
    await ticks(1);
    if (fate === 'answer-lost' || connection !== this.#connection) return this.#silence();
    return answer();
  }

  on<E extends ServerEventName>(event: E, listener: (payload: ServerEventPayload<E>) => void): () => void {
    if (event !== 'live:progress') return () => undefined;
    return this.server.onProgress((progress) => {
      if (this.state === 'connected') listener(progress as ServerEventPayload<E>);
    });
  }

  onStateChange(listener: (state: ConnectionState) => void): () => void {
    this.#stateListeners.add(listener);
    return () => void this.#stateListeners.delete(listener);
  }

  watchTranscript() {
    this.watches += 1;
    return { ready: Promise.resolve(), stop: () => undefined };
  }

  async #silence(): Promise<never> {
    await ticks(8);
    throw new UnreachableError();
  }

  async #handled<E extends ClientEventName>(event: E, payload: ClientEventPayload<E>): Promise<() => ClientEventAnswer<E>> {
    try {
      const answer = this.server.handle(event, payload);
      return () => answer;
    } catch (error) {
      return () => {
        throw error;
      };
    }
  }

  async #handleLate<E extends ClientEventName>(event: E, payload: ClientEventPayload<E>): Promise<void> {
    this.#underWay += 1;
    await ticks(25);
    this.#handleQuietly(event, payload);
    this.#underWay -= 1;
  }

  #handleQuietly<E extends ClientEventName>(event: E, payload: ClientEventPayload<E>): void {
    try {
      this.server.handle(event, payload);
    } catch {
      // Nobody waits for this answer.
    }
  }

  #become(state: ConnectionState): void {
    if (state === this.state) return;
    this.state = state;
    for (const listener of [...this.#stateListeners]) listener(state);
  }
}
