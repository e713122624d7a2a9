import type { Recognition, Recognizer } from '../recognition/recognizer.js';
import type { Excerpt } from '../transcription/guarded-recognizer.js';
import { type DecodeKind, DecodeSession, type PartialSource, type WaitingDecode } from './decode-session.js';

export interface LiveSchedulerOptions {
  /** Decodes in flight at once over all sessions; on the CPU not more than libuv has threads. */
  readonly parallel: number;
  /** Of these, what may be taken by whatever nobody waits for; by default all but one. */
  readonly forNobody?: number;
}

/**
 * For a machine that does so many decodes at once. One more is in flight, so that finals have as many slots beside a refinement, which takes long, as
 * without one. Moonshine base, two cores, 20 sessions: a final came after 653 (p50) and 953 ms (p95), with two slots after 658 and 1,264 ms.
 */
export function slotsFor(parallel: number): LiveSchedulerOptions {
  return { parallel: parallel + 1, forNobody: Math.max(1, parallel - 1) };
}

/** Since the scheduler was made, except for what waits or runs now. */
export interface LiveSchedulerStats {
  readonly waiting: number;
  readonly waitingFinals: number;
  readonly waitingRefinements: number;
  /** Speakers whose partial waits for its time or a free slot; not in `waiting`. */
  readonly waitingPartials: number;
  readonly running: number;
  /** Decodes that began as finals; `guesses` began before their utterance was known to be over. */
  readonly finals: number;
  readonly guesses: number;
  readonly refinements: number;
  readonly partials: number;
  /** Partials that were due, but whose utterance was over before a slot was free or before they were heard. */
  readonly droppedPartials: number;
  /** Time that decodes took, added up over all slots. */
  readonly decodeSeconds: number;
}

/** A refinement that has waited this long counts as a final: what is not settled is not durable. */
const REFINEMENT_PATIENCE_MS = 4000;
/**
 * A speaker's partials begin this far apart at least. One session, Moonshine base, two busy cores, 45 s of speech each: from the
 * (estimated) end of a word to its first sight 173 ms (p50) and 985 ms (p95); with 250 ms and a third of the time at rest 190 and
 * 1,533 ms. Under load the turns between speakers thin them.
 */
const PARTIAL_INTERVAL_MS = 200;
/**
 * Up to so many speakers at once get partials as fast as these come; above, finals and refinements need the time: with eight sessions
 * (Moonshine base, two cores) a final came 600 ms (p50) and 1,089 ms (p95) after its utterance, endpoint silence included, with sixteen 813 and
 * 1,749 ms; with partials in every free moment it was 704 and 2,727 ms with eight.
 */
const FEW_SPEAKERS = 2;

/** What goes first among what waits. */
const urgency = { final: 0, guess: 1, refinement: 2 } as const;

interface Waiting {
  kind: DecodeKind;
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
 * minutes does not hold up the others), then guesses, then refinements, then partials in slots that are free; a partial takes the newest
 * sound when its turn comes, so that none is ever out of date when it starts. A decode cannot be interrupted: where there are several
 * slots, one at least is kept from whatever nobody waits for.
 */
export class LiveScheduler {
  private readonly waiting: Waiting[] = [];
  private readonly partials = new Map<PartialSource, WaitingPartial>();
  private readonly restUntil = new WeakMap<PartialSource, number>();
  private readonly speaking = new Set<PartialSource>();
  private readonly sessions = new Set<DecodeSession>();
  private readonly running = { final: 0, guess: 0, refinement: 0, partial: 0 };
  private readonly done = { final: 0, guess: 0, refinement: 0, partial: 0 };
  private partialsRestUntil = 0;
  private dropped = 0;
  private busyMs = 0;
  /** The turn of what was started last; new sessions queue up behind it. */
  private turn = 0;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    readonly recognizer: Recognizer,
    private readonly options: LiveSchedulerOptions,
  ) {}

  get parallel(): number {
    return this.options.parallel;
  }

  get stats(): LiveSchedulerStats {
    const waitingFinals = this.waiting.filter(({ kind }) => kind === 'final').length;
    const waitingRefinements = this.waiting.filter(({ kind }) => kind === 'refinement').length;
    return {
      waiting: this.waiting.length, waitingFinals, waitingRefinements, waitingPartials: this.partials.size, running: this.inFlight, finals: this.done.final, guesses: this.done.guess,
      refinements: this.done.refinement, partials: this.done.partial, droppedPartials: this.dropped, decodeSeconds: this.busyMs / 1000,
    };
  }

  /** How many sessions share one slot. */
  get sessionsPerSlot(): number {
    return this.sessions.size / this.parallel;
  }

  /** A place in the queue for one live session. @param toleratesFailure asked whenever the recogniser fails */
  open(toleratesFailure?: () => boolean): DecodeSession {
    const session = new DecodeSession(this.recognizer, {
      enqueue: (session, kind, decode) => this.enqueue(session, kind, decode),
      confirm: (decode) => this.confirm(decode),
      cancel: (decode) => this.cancel(decode),
      want: (session, source) => this.want(session, source),
      withdraw: (source) => this.withdraw(source),
      leave: (gone) => this.sessions.delete(gone),
    }, toleratesFailure);
    this.sessions.add(session);
    return session;
  }

  private enqueue(session: DecodeSession, kind: DecodeKind, decode: WaitingDecode): void {
    const turn = Math.max(this.turn, session.turn);
    session.turn = turn + decode.excerpt.samples.length;
    this.waiting.push({ kind, since: performance.now(), turn, decode });
    this.start();
  }

  private confirm(decode: WaitingDecode): void {
    const waiting = this.waiting.find((each) => each.decode === decode);
    if (waiting) waiting.kind = 'final';
    this.start();
  }

  private cancel(decode: WaitingDecode): void {
    const index = this.waiting.findIndex((each) => each.decode === decode);
    if (index >= 0) this.waiting.splice(index, 1);
  }

  private want(session: DecodeSession, source: PartialSource): void {
    this.speaking.add(source);
    if (!this.partials.has(source)) this.partials.set(source, { session, notBefore: this.restUntil.get(source) ?? 0 });
    this.start();
  }

  private withdraw(source: PartialSource): void {
    this.speaking.delete(source);
    const waiting = this.partials.get(source);
    if (!waiting) return;
    this.partials.delete(source);
    if (waiting.notBefore <= performance.now()) this.dropped += 1;
  }

  private get inFlight(): number {
    return this.running.final + this.running.guess + this.running.refinement + this.running.partial;
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
    const urgencyOf = ({ kind, since }: Waiting) => (kind === 'refinement' && since < old ? urgency.guess : urgency[kind]);
    const before = (a: Waiting, b: Waiting) => urgencyOf(a) - urgencyOf(b) || a.turn - b.turn;
    const refines = this.running.refinement < this.forNobody && (this.areFew || this.running.partial < this.forNobody);
    const [first, ...others] = this.waiting.filter(({ kind }) => kind !== 'refinement' || refines);
    return others.reduce((next, each) => (next && before(each, next) < 0 ? each : next), first);
  }

  /** Slots that may be taken by what nobody waits for. */
  private get forNobody(): number {
    return this.options.forNobody ?? Math.max(1, this.options.parallel - 1);
  }

  private get areFew(): boolean {
    return this.speaking.size <= FEW_SPEAKERS;
  }

  private get mayStartPartial(): boolean {
    if (this.running.partial >= this.forNobody) return false;
    return this.areFew || (this.running.partial + this.running.refinement < this.forNobody && performance.now() >= this.partialsRestUntil);
  }

  private startPartial(): boolean {
    if (!this.mayStartPartial) {
      this.wakeForPartial();
      return false;
    }
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
    const endedAt = performance.now();
    this.restUntil.set(source, startedAt + PARTIAL_INTERVAL_MS);
    this.partialsRestUntil = endedAt + (endedAt - startedAt);
    if (!recognition || !source.heard(recognition.text)) this.dropped += 1;
  }

  private wakeForPartial(): void {
    if (this.partials.size === 0 || this.timer) return;
    const soonest = Math.min(...[...this.partials.values()].map(({ notBefore }) => notBefore));
    const next = this.areFew ? soonest : Math.max(soonest, this.partialsRestUntil);
    this.timer = setTimeout(() => {
      this.timer = null;
      this.start();
    }, Math.max(1, next - performance.now()));
    this.timer.unref();
  }

  private async run(kind: DecodeKind | 'partial', decode: () => Promise<void>): Promise<void> {
    const startedAt = performance.now();
    this.running[kind] += 1;
    await decode();
    this.running[kind] -= 1;
    this.done[kind] += 1;
    this.busyMs += performance.now() - startedAt;
    this.start();
  }
}
