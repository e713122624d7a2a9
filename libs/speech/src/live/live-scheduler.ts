import type { Recognition, Recognizer } from '../recognition/recognizer.js';
import { type DecodeKind, DecodeSession, type PartialSource, type Place, type Saying, type WaitingDecode, placeOf } from './decode-session.js';

export interface LiveSchedulerOptions {
  /** Decodes that the machine does at once. One more is in flight, so that a core never waits for JavaScript; libuv must have as many threads. */
  readonly parallel: number;
  /** Hears what nobody waits for, as many decodes at once; by default the same recogniser. */
  readonly background?: Recognizer;
  /** Once, when the background has become unusable and the recogniser of the foreground hears in its place; by default a warning of the process. */
  readonly onBackgroundLost?: (reason: Error) => void;
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

/**
 * A speaker's partials begin this far apart at least: a frame, before which nothing new is there. One session, Moonshine tiny, 718 words: from the (estimated) end of
 * a word to the first hypothesis that has it 800 ms (p95); with 200 ms it was 1,027 ms. Under load the turns between speakers thin them.
 */
const PARTIAL_INTERVAL_MS = 100;
/** The partials of up to so many speakers at once are heard in the foreground; those of more would be in the way of finals there. */
const FEW_SPEAKERS = 2;
/**
 * With up to so many speakers for each decode that the machine does at once, partials take all the time that nobody else wants; with more they come one at a time, with
 * rests as long as each took. Base on two cores, in turns, final p95 without and with rests: 32 sessions (some 21 speak) 1,374 and 1,074, 974 and 914 ms, 34 982 and 946;
 * 16 sessions 802 and 818 ms, but a word's first sight 2,671 ms (p95) instead of 4,276.
 */
const SOME_SPEAKERS = 8;
/** Who speaks wants partials with every message, a second apart at most. Sound that stops coming in the middle of a word leaves its speaker behind. */
const STALLED_MS = 2_000;

interface Waiting {
  kind: DecodeKind;
  readonly session: DecodeSession;
  /** performance.now() */
  readonly since: number;
  readonly decode: WaitingDecode;
}

interface WaitingPartial {
  readonly session: DecodeSession;
  readonly notBefore: number;
}

/**
 * Shares one recogniser between all sessions of a process. Finals go first, then guesses, each in the order of asking; of a session that has several waiting, the next
 * counts as asked for when the last one was heard, so that one which catches up on minutes does not hold up the others. While few speak, partials take the slots that
 * are left. Refinements, and partials while many speak, are heard in the background. A decode cannot be interrupted, so what keeps
 * long ones there from delaying those that somebody waits for is a background whose threads give way. A partial takes the newest sound when its turn comes, so that
 * none is ever out of date when it starts.
 */
export class LiveScheduler {
  private readonly waiting: Waiting[] = [];
  private readonly partials = new Map<PartialSource, WaitingPartial>();
  private readonly restUntil = new WeakMap<PartialSource, number>();
  /** When each speaker last wanted a partial, performance.now(); the longest ago first. */
  private readonly speaking = new Map<PartialSource, number>();
  private readonly sessions = new Set<DecodeSession>();
  private readonly inFlight = { foreground: 0, background: 0 };
  private readonly running = { final: 0, guess: 0, refinement: 0, partial: 0 };
  private readonly done = { final: 0, guess: 0, refinement: 0, partial: 0 };
  private partialsRestUntil = 0;
  private dropped = 0;
  private busyMs = 0;
  private timer: NodeJS.Timeout | null = null;
  private isBackgroundLost = false;

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
      waiting: this.waiting.length, waitingFinals, waitingRefinements, waitingPartials: this.partials.size, running: this.inFlight.foreground + this.inFlight.background, finals: this.done.final, guesses: this.done.guess,
      refinements: this.done.refinement, partials: this.done.partial, droppedPartials: this.dropped, decodeSeconds: this.busyMs / 1000,
    };
  }

  /** How many sessions share one slot. */
  get sessionsPerSlot(): number {
    return this.sessions.size / this.parallel;
  }

  /** A place in the queue for one live session. @param toleratesFailure asked whenever the recogniser fails */
  open(toleratesFailure?: () => boolean): DecodeSession {
    const session = new DecodeSession((place) => (place === 'foreground' ? this.recognizer : this.background), {
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
    this.waiting.push({ kind, session, since: performance.now(), decode });
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
    this.speaking.delete(source);
    this.speaking.set(source, performance.now());
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

  /** The foreground does everything where there is no background, or no longer. */
  private get background(): Recognizer {
    const { background = this.recognizer, onBackgroundLost = (reason: Error) => process.emitWarning(reason) } = this.options;
    if (!background.unusable || background === this.recognizer) return background;
    if (!this.isBackgroundLost) onBackgroundLost(background.unusable);
    this.isBackgroundLost = true;
    return this.recognizer;
  }

  private start(): void {
    this.forgetStalled();
    while (this.startNext('foreground'));
    while (this.running.refinement < this.options.parallel && this.startNext('background'));
    while (this.mayStartPartial && this.startPartial());
    this.wakeForPartial();
  }

  /** In the background, refinements leave a slot for partials. */
  private isFree(place: Place): boolean {
    return this.inFlight[place] <= this.options.parallel;
  }

  private startNext(place: Place): boolean {
    const next = this.isFree(place) && this.nextAt(place);
    if (!next) return false;
    this.waiting.splice(this.waiting.indexOf(next), 1);
    void this.run(next.kind, place, async () => {
      await next.decode.run();
      next.session.heardAt[place] = performance.now();
    });
    return true;
  }

  private nextAt(place: Place): Waiting | undefined {
    const turn = ({ since, session }: Waiting) => Math.max(since, session.heardAt[place]);
    const before = (a: Waiting, b: Waiting) => Number(a.kind === 'guess') - Number(b.kind === 'guess') || turn(a) - turn(b);
    const [first, ...others] = this.waiting.filter(({ kind }) => placeOf(kind) === place);
    return others.reduce((next, each) => (next && before(each, next) < 0 ? each : next), first);
  }

  private forgetStalled(): void {
    const before = performance.now() - STALLED_MS;
    for (const [source, wantedAt] of this.speaking) {
      if (wantedAt >= before) return;
      this.speaking.delete(source);
    }
  }

  private get speakers(): 'few' | 'some' | 'many' {
    if (this.speaking.size <= FEW_SPEAKERS) return 'few';
    const givesWay = this.background !== this.recognizer;
    return givesWay && this.speaking.size <= SOME_SPEAKERS * this.options.parallel ? 'some' : 'many';
  }

  private get partialPlace(): Place {
    return this.speakers === 'few' ? 'foreground' : 'background';
  }

  private get hasRoomForPartial(): boolean {
    const { parallel } = this.options;
    const most = this.speakers === 'some' ? parallel : Math.max(1, parallel - 1);
    return this.running.partial < most && this.isFree(this.partialPlace);
  }

  private get mayStartPartial(): boolean {
    return this.hasRoomForPartial && (this.speakers !== 'many' || performance.now() >= this.partialsRestUntil);
  }

  private startPartial(): boolean {
    const now = performance.now();
    const due = [...this.partials].filter(([, { notBefore }]) => notBefore <= now).sort(([, a], [, b]) => a.notBefore - b.notBefore)[0];
    if (!due) return false;
    const [source, { session }] = due;
    this.partials.delete(source);
    const saying = source.take();
    if (!saying) return true;
    const place = this.partialPlace;
    this.restUntil.set(source, now + PARTIAL_INTERVAL_MS);
    void this.run('partial', place, () => this.hearPartial(session, saying, place));
    return true;
  }

  private async hearPartial(session: DecodeSession, saying: Saying, place: Place): Promise<void> {
    const startedAt = performance.now();
    const recognition: Recognition | null = await session.hear(saying.excerpt, place);
    const endedAt = performance.now();
    this.partialsRestUntil = endedAt + (endedAt - startedAt);
    if (!recognition || !saying.heard(recognition.text)) this.dropped += 1;
  }

  /** What ends makes room and starts what is due; only time must be waited for. */
  private wakeForPartial(): void {
    if (this.partials.size === 0 || this.timer || !this.hasRoomForPartial) return;
    const soonest = Math.min(...[...this.partials.values()].map(({ notBefore }) => notBefore));
    const next = this.speakers === 'many' ? Math.max(soonest, this.partialsRestUntil) : soonest;
    this.timer = setTimeout(() => {
      this.timer = null;
      this.start();
    }, Math.max(1, next - performance.now()));
    this.timer.unref();
  }

  private async run(kind: DecodeKind | 'partial', place: Place, decode: () => Promise<void>): Promise<void> {
    const startedAt = performance.now();
    this.running[kind] += 1;
    this.inFlight[place] += 1;
    await decode();
    this.running[kind] -= 1;
    this.inFlight[place] -= 1;
    this.done[kind] += 1;
    this.busyMs += performance.now() - startedAt;
    this.start();
  }
}
