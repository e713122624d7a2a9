import type { Recognition, Recognizer } from '../recognition/recognizer.js';
import type { Excerpt } from '../transcription/guarded-recognizer.js';
import { DecodeSession, type PartialSource, type WaitingDecode } from './decode-session.js';

export interface LiveSchedulerOptions {
  /** Decodes in flight at once over all sessions; not more than libuv has threads. */
  readonly parallel: number;
}

/** Since the scheduler was made, except for what waits or runs now. */
export interface LiveSchedulerStats {
  readonly waiting: number;
  readonly waitingFinals: number;
  readonly waitingRefinements: number;
  /** Speakers whose partial waits for its time or a free slot; not in `waiting`. */
  readonly waitingPartials: number;
  readonly running: number;
  readonly finals: number;
  readonly refinements: number;
  readonly partials: number;
  /** Partials that were due, but whose utterance was over before a slot was free or before they were heard. */
  readonly droppedPartials: number;
  /** Time that decodes took, added up over all slots. */
  readonly decodeSeconds: number;
}

type Kind = 'final' | 'refinement' | 'partial';

/** A refinement that has waited this long counts as a final: what is not settled is not durable. */
const REFINEMENT_PATIENCE_MS = 4000;
/**
 * A speaker's partials begin this far apart at least. One session, Moonshine base, two busy cores, 45 s of speech each: from the
 * (estimated) end of a word to its first sight 173 ms (p50) and 985 ms (p95); with 250 ms and a third of the time at rest 190 and
 * 1,533 ms. Under load the turns between speakers thin them.
 */
const PARTIAL_INTERVAL_MS = 200;

interface Waiting {
  readonly kind: 'final' | 'refinement';
  readonly since: number;
  readonly turn: number;
  readonly decode: WaitingDecode;
}

interface WaitingPartial {
  readonly session: DecodeSession;
  readonly notBefore: number;
}

/**
 * Shares one recogniser between all sessions of a process. Finals go first, in turns between sessions (a session that catches up on
 * minutes does not hold up the others), then refinements, then partials in slots that are free; a partial takes the newest sound when
 * its turn comes, so that none is ever out of date when it starts.
 */
export class LiveScheduler {
  private readonly waiting: Waiting[] = [];
  private readonly partials = new Map<PartialSource, WaitingPartial>();
  private readonly restUntil = new WeakMap<PartialSource, number>();
  private readonly running = { final: 0, refinement: 0, partial: 0 };
  private readonly done = { final: 0, refinement: 0, partial: 0 };
  private dropped = 0;
  private busyMs = 0;
  /** The turn of what was started last; new sessions queue up behind it. */
  private turn = 0;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    readonly recognizer: Recognizer,
    private readonly options: LiveSchedulerOptions,
  ) {}

  get stats(): LiveSchedulerStats {
    const waitingFinals = this.waiting.filter(({ kind }) => kind === 'final').length;
    const waitingRefinements = this.waiting.length - waitingFinals;
    return {
      waiting: this.waiting.length, waitingFinals, waitingRefinements, waitingPartials: this.partials.size, running: this.inFlight,
      finals: this.done.final, refinements: this.done.refinement, partials: this.done.partial, droppedPartials: this.dropped, decodeSeconds: this.busyMs / 1000,
    };
  }

  /** A place in the queue for one live session. */
  open(): DecodeSession {
    return new DecodeSession(this.recognizer, {
      enqueue: (session, kind, decode) => this.enqueue(session, kind, decode),
      cancel: (decode) => this.cancel(decode),
      want: (session, source) => this.want(session, source),
      withdraw: (source) => this.withdraw(source),
    });
  }

  private enqueue(session: DecodeSession, kind: 'final' | 'refinement', decode: WaitingDecode): void {
    const turn = Math.max(this.turn, session.turn);
    session.turn = turn + decode.excerpt.samples.length;
    this.waiting.push({ kind, since: performance.now(), turn, decode });
    this.start();
  }

  private cancel(decode: WaitingDecode): void {
    const index = this.waiting.findIndex((each) => each.decode === decode);
    if (index >= 0) this.waiting.splice(index, 1);
  }

  private want(session: DecodeSession, source: PartialSource): void {
    if (!this.partials.has(source)) this.partials.set(source, { session, notBefore: this.restUntil.get(source) ?? 0 });
    this.start();
  }

  private withdraw(source: PartialSource): void {
    const waiting = this.partials.get(source);
    if (!waiting) return;
    this.partials.delete(source);
    if (waiting.notBefore <= performance.now()) this.dropped += 1;
  }

  private get inFlight(): number {
    return this.running.final + this.running.refinement + this.running.partial;
  }

  private start(): void {
    while (this.inFlight < this.options.parallel && this.startNext());
  }

  private startNext(): boolean {
    const next = this.nextWaiting();
    if (next) {
      this.waiting.splice(this.waiting.indexOf(next), 1);
      this.turn = Math.max(this.turn, next.turn);
      void this.run(next.kind, () => next.decode.run());
      return true;
    }
    return this.startPartial();
  }

  private nextWaiting(): Waiting | undefined {
    const old = performance.now() - REFINEMENT_PATIENCE_MS;
    const urgent = this.waiting.filter(({ kind, since }) => kind === 'final' || since < old);
    const [first, ...others] = urgent.length > 0 ? urgent : this.waiting;
    return others.reduce((next, each) => (next && each.turn < next.turn ? each : next), first);
  }

  /** One slot stays free for finals where there are several. */
  private startPartial(): boolean {
    if (this.running.partial >= Math.max(1, this.options.parallel - 1)) return false;
    const now = performance.now();
    const due = [...this.partials].filter(([, { notBefore }]) => notBefore <= now).sort(([, a], [, b]) => a.notBefore - b.notBefore)[0];
    if (!due) {
      this.wakeForPartial();
      return false;
    }
    const [source, { session }] = due;
    this.partials.delete(source);
    const excerpt = source.take();
    if (excerpt) void this.run('partial', () => this.hearPartial(session, source, excerpt));
    return true;
  }

  private async hearPartial(session: DecodeSession, source: PartialSource, excerpt: Excerpt): Promise<void> {
    const startedAt = performance.now();
    const recognition: Recognition | null = await session.hear(excerpt);
    this.restUntil.set(source, startedAt + PARTIAL_INTERVAL_MS);
    if (!recognition || !source.heard(recognition.text)) this.dropped += 1;
  }

  private wakeForPartial(): void {
    if (this.partials.size === 0 || this.timer) return;
    const next = Math.min(...[...this.partials.values()].map(({ notBefore }) => notBefore));
    this.timer = setTimeout(() => {
      this.timer = null;
      this.start();
    }, Math.max(1, next - performance.now()));
    this.timer.unref();
  }

  private async run(kind: Kind, decode: () => Promise<void>): Promise<void> {
    const startedAt = performance.now();
    this.running[kind] += 1;
    await decode();
    this.running[kind] -= 1;
    this.done[kind] += 1;
    this.busyMs += performance.now() - startedAt;
    this.start();
  }
}
