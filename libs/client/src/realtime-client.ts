import { io, type Socket } from 'socket.io-client';
import type { ClientEventAnswer, ClientEventMap, ClientEventName, ClientEventPayload, Refusal, ServerEventMap, ServerEventName, ServerEventPayload } from '@auscult/contracts';
import { sharedRefresh, type AccessTokenSource } from './access-token.js';
import { ProblemError, UnreachableError, isProblem } from './errors.js';

/** `signed-out`: the server refused the token and no other can be had; `connect` starts again after a sign-in. */
export type ConnectionState = 'idle' | 'connecting' | 'connected' | 'interrupted' | 'signed-out';

export interface RealtimeClientOptions {
  baseUrl?: string;
  accessToken: AccessTokenSource;
  /** How long the server may take to acknowledge; default 5,000 ms. */
  ackTimeoutMs?: number;
  /** First and longest pause between attempts, in ms; default 500 and 10,000. */
  reconnectDelayMs?: number;
  reconnectDelayMaxMs?: number;
}

export interface TranscriptWatch {
  /** Settles when the server confirmed the first watch: rows read from now on plus events make the whole picture. */
  readonly ready: Promise<void>;
  stop(): void;
}

interface Listenable<P> {
  on(event: string, listener: (payload: P) => void): void;
  off(event: string, listener: (payload: P) => void): void;
}

interface Emitter {
  emitWithAck(event: string, payload: object): Promise<unknown>;
}

interface Watched {
  holders: number;
  ready: Promise<void>;
  /** The server did not confirm the first watch; the next who watches asks again. */
  failed: boolean;
}

/**
 * The live channel. Events are notifications and may be lost: with every connection the watched rooms are joined and
 * then the `onConnect` listeners run, which read their rows anew.
 */
export class RealtimeClient {
  readonly #socket: Socket<ServerEventMap, ClientEventMap>;
  readonly #accessToken: AccessTokenSource;
  readonly #watched = new Map<string, Watched>();
  readonly #connectListeners = new Set<() => void>();
  readonly #stateListeners = new Set<(state: ConnectionState) => void>();
  readonly #options: Required<Omit<RealtimeClientOptions, 'accessToken'>>;
  #state: ConnectionState = 'idle';
  #connectedBefore = false;
  #refusals = 0;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  /** Rooms that this connection was refused, though they may be had later. */
  readonly #unheard = new Set<string>();
  #unheardTimer: ReturnType<typeof setTimeout> | undefined;
  #sentToken: string | null = null;

  constructor(options: RealtimeClientOptions) {
    this.#options = { baseUrl: '', ackTimeoutMs: 5_000, reconnectDelayMs: 500, reconnectDelayMaxMs: 10_000, ...options };
    this.#accessToken = sharedRefresh(options.accessToken);
    const settings = {
      autoConnect: false,
      reconnectionDelay: this.#options.reconnectDelayMs,
      reconnectionDelayMax: this.#options.reconnectDelayMaxMs,
      transports: ['websocket', 'polling'],
      auth: (send: (data: object) => void) => void this.#sendToken(send),
    };
    this.#socket = this.#options.baseUrl === '' ? io(settings) : io(this.#options.baseUrl, settings);
    this.#socket.on('connect', () => void this.#connected());
    this.#socket.on('disconnect', (reason) => this.#interrupted(reason));
    this.#socket.on('connect_error', (error) => this.#refused(error));
  }

  get state(): ConnectionState {
    return this.#state;
  }

  connect(): void {
    if (this.#socket.active) return;
    this.#refusals = 0;
    this.#become(this.#connectedBefore ? 'interrupted' : 'connecting');
    this.#socket.connect();
  }

  /** Ends the connection and forgets what was watched; listeners stay. */
  close(): void {
    clearTimeout(this.#retryTimer);
    this.#forgetUnheard();
    this.#watched.clear();
    this.#socket.disconnect();
    this.#connectedBefore = false;
    this.#become('idle');
  }

  /** Calls the listener for each event; returns what ends that. */
  on<E extends ServerEventName>(event: E, listener: (payload: ServerEventPayload<E>) => void): () => void {
    // The map types of socket.io do not follow a generic event name; the public signature is the check.
    const socket = this.#socket as unknown as Listenable<ServerEventPayload<E>>;
    socket.on(event, listener);
    return () => socket.off(event, listener);
  }

  /**
   * Sends an event and answers what acknowledges it. Rejects with `ProblemError` when the server refuses it and with
   * `UnreachableError` when there is no connection, it breaks, or nothing comes within `timeoutMs`: then nobody knows whether it arrived.
   */
  async request<E extends ClientEventName>(event: E, payload: ClientEventPayload<E>, timeoutMs = this.#options.ackTimeoutMs): Promise<ClientEventAnswer<E>> {
    // Without a connection socket.io would keep the event and deliver it later, when nobody waits for its answer any more.
    if (!this.#socket.connected) throw new UnreachableError();
    const socket = this.#socket.timeout(timeoutMs) as unknown as Emitter;
    let answer: ClientEventAnswer<E> | Refusal;
    try {
      answer = (await socket.emitWithAck(event, payload)) as ClientEventAnswer<E> | Refusal;
    } catch (cause) {
      throw new UnreachableError({ cause });
    }
    if (!answer.ok) throw new ProblemError(answer.problem);
    return answer;
  }

  /** Makes a new connection in place of one that does not answer, which socket.io itself notices only after most of a minute. */
  restart(): void {
    if (!this.#socket.connected) return;
    this.#become('interrupted');
    this.#socket.disconnect();
    this.#socket.connect();
  }

  /** After each connection, the first included, when the watched rooms are joined: nothing was heard until now of what changed since rows were read, so read them anew. */
  onConnect(listener: () => void): () => void {
    this.#connectListeners.add(listener);
    return () => void this.#connectListeners.delete(listener);
  }

  onStateChange(listener: (state: ConnectionState) => void): () => void {
    this.#stateListeners.add(listener);
    return () => void this.#stateListeners.delete(listener);
  }

  /** Receives `transcript:*` of one recording, also after reconnects, until stopped. Watching twice is one watch. */
  watchTranscript(recordingId: string): TranscriptWatch {
    this.connect();
    const held = this.#watched.get(recordingId) ?? { holders: 0, ready: Promise.resolve(), failed: true };
    if (held.failed) this.#watch(recordingId, held);
    held.holders += 1;
    let stopped = false;
    return {
      ready: held.ready,
      stop: () => {
        if (stopped) return;
        stopped = true;
        held.holders -= 1;
        if (held.holders === 0) this.#unwatch(recordingId, held);
      },
    };
  }

  #watch(recordingId: string, entry: Watched): void {
    this.#watched.set(recordingId, entry);
    entry.failed = false;
    entry.ready = this.#firstWatch(recordingId);
    // Who does not wait for `ready` must not be killed by its rejection.
    entry.ready.catch(() => (entry.failed = true));
  }

  #unwatch(recordingId: string, entry: Watched): void {
    if (this.#watched.get(recordingId) !== entry) return;
    this.#watched.delete(recordingId);
    if (this.#socket.connected) this.#emit('transcript:unwatch', recordingId).catch(() => undefined);
  }

  async #firstWatch(recordingId: string): Promise<void> {
    if (!this.#socket.connected) {
      await new Promise<void>((resolve) => this.#socket.once('connect', () => resolve()));
    }
    if (this.#watched.has(recordingId)) await this.#join(recordingId);
  }

  /** Of what cannot be had just now nobody would hear until the next connection: it is asked for again. */
  async #join(recordingId: string): Promise<void> {
    try {
      await this.#emit('transcript:watch', recordingId);
    } catch (error) {
      if (!ProblemError.is(error, 'not-found')) this.#askAgain(recordingId);
      throw error;
    }
  }

  #askAgain(recordingId: string, attempt = 0): void {
    if (!this.#socket.connected || !this.#watched.has(recordingId)) return;
    this.#unheard.add(recordingId);
    const delay = Math.min(this.#options.reconnectDelayMaxMs, this.#options.reconnectDelayMs * 2 ** Math.min(attempt, 6));
    this.#unheardTimer ??= setTimeout(() => void this.#joinUnheard(attempt + 1), delay);
  }

  async #joinUnheard(attempt: number): Promise<void> {
    const asked = [...this.#unheard].filter((id) => this.#watched.has(id));
    this.#forgetUnheard();
    const answers = await Promise.allSettled(asked.map((id) => this.#emit('transcript:watch', id)));
    answers.forEach((answer, at) => answer.status === 'rejected' && !ProblemError.is(answer.reason, 'not-found') && this.#askAgain(asked[at] ?? '', attempt));
    if (answers.some(({ status }) => status === 'fulfilled')) this.#tellConnected();
  }

  #forgetUnheard(): void {
    clearTimeout(this.#unheardTimer);
    this.#unheardTimer = undefined;
    this.#unheard.clear();
  }

  async #emit(event: 'transcript:watch' | 'transcript:unwatch', recordingId: string): Promise<void> {
    await this.request(event, { recordingId });
  }

  async #connected(): Promise<void> {
    this.#refusals = 0;
    const again = this.#connectedBefore;
    this.#connectedBefore = true;
    this.#become('connected');
    this.#forgetUnheard();
    await Promise.allSettled([...this.#watched].map(([id, { ready }]) => (again ? this.#join(id) : ready)));
    if (this.#socket.connected) this.#tellConnected();
  }

  #tellConnected(): void {
    for (const listener of [...this.#connectListeners]) listener();
  }

  #interrupted(reason: string): void {
    if (this.#state === 'idle' || reason === 'io client disconnect') return;
    this.#become('interrupted');
    // The server closes a socket whose token has run out; socket.io does not come back from that by itself.
    if (reason === 'io server disconnect') void this.#renewAndConnect();
  }

  /** `active` is false when the server's handshake refused us; network faults are retried by socket.io. */
  #refused(error: Error & { data?: unknown }): void {
    if (this.#socket.active) return;
    const problem = isProblem(error.data) ? error.data : null;
    if (problem !== null && problem.status !== 401) this.#retryLater();
    else void this.#renewAndConnect();
  }

  async #renewAndConnect(): Promise<void> {
    this.#refusals += 1;
    let token: string | null;
    try {
      const current = await this.#accessToken.current();
      token = current !== null && current !== this.#sentToken ? current : await this.#accessToken.refresh();
    } catch {
      // No network: nothing is known about the session yet.
      return this.#retryLater();
    }
    if (this.#state === 'idle') return;
    if (token === null) return this.#become('signed-out');
    if (this.#refusals > 1) return this.#retryLater();
    this.#socket.connect();
  }

  #retryLater(): void {
    const delay = Math.min(this.#options.reconnectDelayMaxMs, this.#options.reconnectDelayMs * 2 ** Math.min(this.#refusals, 6));
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(() => {
      if (this.#state !== 'idle' && !this.#socket.active) this.#socket.connect();
    }, delay);
  }

  async #sendToken(send: (data: object) => void): Promise<void> {
    this.#sentToken = await Promise.resolve(this.#accessToken.current()).catch(() => null);
    send({ token: this.#sentToken });
  }

  #become(state: ConnectionState): void {
    if (state === this.#state) return;
    this.#state = state;
    for (const listener of [...this.#stateListeners]) listener(state);
  }
}
