import { LIVE_MESSAGE_FRAMES, LIVE_WINDOW_FRAMES, type ClientEventAnswer, type ClientEventName, type ClientEventPayload, type LiveProgress, type Problem } from '@auscult/contracts';
import { ProblemError } from '../../errors.js';
import { frameBytesOf } from '../frame-cutter.js';

/** A refusal as the server makes it. */
export function problem(code: Problem['code'], status: number): ProblemError {
  return new ProblemError({ type: `/problems/${code}`, code, title: code, status });
}

/**
 * The server's side of one live session, by the protocol: what was received may be lost (Redis emptied), what was stored may not.
 * It checks what a sender must never do and remembers everything it was told.
 */
export class FakeLiveServer {
  writer = 0;
  sender: string | undefined;
  stored = 0;
  end: number | null = null;
  completed = false;
  windowFrames = LIVE_WINDOW_FRAMES;
  /** What it asks for with each progress. */
  gather: number | null = null;
  /** What answers instead, for as long as it is set. */
  refuse: ProblemError | null = null;
  readonly marks = new Map<string, ClientEventPayload<'live:mark'>>();
  readonly forgets = new Map<string, ClientEventPayload<'live:forget'>>();
  readonly opens: ClientEventPayload<'live:open'>[] = [];
  readonly messages: { first: number; frames: number }[] = [];
  readonly #frames: Uint8Array[] = [];
  /** Frames that were there when a sender was replaced. */
  readonly #left = new Map<string, number>();
  /** Frames that were there when this sender came. */
  #since = 0;
  readonly #frameBytes: number;
  readonly #listeners = new Set<(progress: LiveProgress) => void>();

  constructor(readonly channelCount: 1 | 2 = 1) {
    this.#frameBytes = frameBytesOf(channelCount);
  }

  get received(): number {
    return this.#frames.length;
  }

  /** Everything that was taken, as one. */
  get audio(): Uint8Array {
    return Uint8Array.from(Buffer.concat(this.#frames));
  }

  onProgress(listener: (progress: LiveProgress) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  handle<E extends ClientEventName>(event: E, payload: ClientEventPayload<E>): ClientEventAnswer<E> {
    if (this.refuse) throw this.refuse;
    return this.#answer(event, payload as never) as ClientEventAnswer<E>;
  }

  /** The worker has written the frames before this one. */
  store(frames: number): void {
    this.stored = Math.max(this.stored, Math.min(frames, this.received));
    if (this.end !== null && this.stored >= this.end) this.completed = true;
    this.tell();
  }

  tell(): void {
    const progress: LiveProgress = { recordingId: this.opens[0]?.recordingId ?? '', writer: this.writer, received: this.received, stored: this.stored, lagMs: 0, ...(this.gather === null ? {} : { gather: this.gather }) };
    for (const listener of this.#listeners) listener(progress);
  }

  /** Redis was emptied. */
  loseUnstored(): void {
    this.#frames.length = this.stored;
  }

  #answer(event: ClientEventName, payload: never): unknown {
    switch (event) {
      case 'live:open':
        return this.#open(payload);
      case 'live:audio':
        return this.#audio(payload);
      case 'live:finish':
        return this.#finish(payload);
      case 'live:mark':
        this.marks.set((payload as ClientEventPayload<'live:mark'>).markerId, payload);
        return { ok: true };
      case 'live:forget':
        return this.#forget(payload);
      default:
        return { ok: true };
    }
  }

  #open(payload: ClientEventPayload<'live:open'>) {
    const isItself = payload.sender !== undefined && payload.sender === this.sender;
    if (this.completed) return this.#opened(payload);
    if (payload.after !== undefined && this.writer > payload.after && !isItself) throw problem('live-replaced', 409);
    if (!isItself) {
      if (this.sender !== undefined && (this.received !== this.#since || !this.#left.has(this.sender))) this.#left.set(this.sender, this.received);
      this.#since = this.received;
      if (this.#left.get(payload.sender ?? '') === this.received) this.#left.delete(payload.sender ?? '');
    }
    this.sender = payload.sender;
    this.writer += 1;
    return this.#opened(payload);
  }

  #opened(payload: ClientEventPayload<'live:open'>) {
    this.opens.push(payload);
    const own = this.#left.get(payload.sender ?? '');
    return { ok: true, protocol: 1, writer: this.writer, received: this.received, stored: this.stored, finished: this.end !== null, ...(own === undefined ? {} : { own }) };
  }

  #audio({ writer, first, audio }: ClientEventPayload<'live:audio'>) {
    if (writer !== this.writer) throw problem('live-replaced', 409);
    if (this.completed) throw problem('live-ended', 409);
    const frames = audio.length / this.#frameBytes;
    if (!Number.isInteger(frames) || frames < 1 || frames > LIVE_MESSAGE_FRAMES) throw problem('request-invalid', 400);
    this.messages.push({ first, frames });
    const until = Math.min(first + frames, this.end ?? Number.POSITIVE_INFINITY);
    if (first <= this.received && until > this.received && until - this.stored <= this.windowFrames) {
      if (this.received === this.#since) this.#left.delete(this.sender ?? '');
      for (let frame = this.received; frame < until; frame += 1) {
        this.#frames.push(audio.slice((frame - first) * this.#frameBytes, (frame - first + 1) * this.#frameBytes));
      }
    }
    return { ok: true, received: this.received, stored: this.stored };
  }

  #finish({ writer, frames }: ClientEventPayload<'live:finish'>) {
    if (writer !== this.writer) throw problem('live-replaced', 409);
    this.end ??= frames;
    if (this.stored >= this.end) this.completed = true;
    return { ok: true };
  }

  #forget(payload: ClientEventPayload<'live:forget'>) {
    if (this.completed) throw problem('live-ended', 409);
    if (payload.writer !== this.writer) throw problem('live-replaced', 409);
    const from = Math.max(0, payload.until - payload.minutes * 600);
    for (const frame of this.#frames.slice(from, payload.until)) frame.fill(0);
    this.forgets.set(payload.markerId, payload);
    return { ok: true, from, until: payload.until };
  }
}
