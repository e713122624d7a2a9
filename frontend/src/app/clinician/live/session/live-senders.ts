import { Injectable, InjectionToken, effect, inject, signal, untracked, type Signal, type WritableSignal } from '@angular/core';
import { LiveSession, type LiveSendState, type LiveSender, type LiveSessionOptions } from '@auscult/client';
import { Toasts } from '@auscult/ui';
import { AUSCULT_CLIENT } from '../../../core/auscult-client.token';
import { Realtime } from '../../../core/realtime';
import { Session } from '../../../core/session';
import { TabLocks } from '../../uploads/tab-locks';
import { spanWords } from '../span-words';
import { SessionShelf, type KeptSession } from '../spool/session-shelf';
import { SessionRests, isRest, type SessionParts } from './session-rests';

/** Makes the sending side of a session; specs put a scripted one in its place. */
export const LIVE_SENDER = new InjectionToken<(options: Omit<LiveSessionOptions, 'realtime'>) => LiveSender>('LIVE_SENDER', {
  providedIn: 'root',
  factory: () => {
    const [realtime, client] = [inject(Realtime), inject(AUSCULT_CLIENT)];
    return (options) => new LiveSession({ voiceDetector: () => client.live.voiceDetector(), ...options, realtime: realtime.client });
  },
});

/** The server will never take what is kept for such a session: it was ended or deleted elsewhere. */
const LOST_CAUSES: ReadonlySet<string> = new Set(['live-ended', 'not-found', 'recording-state']);

/** The server answered: it has the session. */
const OPENED_PHASES: ReadonlySet<LiveSendState['phase']> = new Set(['sending', 'catching-up', 'finishing', 'finished']);

/** Before a session's id: the lock of the tab that holds it. */
export const LIVE_LOCK = 'live.';

/** For a message of several sentences that must not be missed. */
export const READING_MS = 30_000;

/** How often the shelf is told when a frame came last: so much too long a gap may seem after a crash. */
const NOTE_MS = 10_000;

/** One kept session on its way to the server; held by this tab alone. What is stored whole leaves the shelf by itself. */
export class HeldSession {
  private readonly current: WritableSignal<LiveSendState>;
  private sender: LiveSender;
  readonly state: Signal<LiveSendState>;
  private heardAt: number | undefined;
  private isOver = false;
  private isClosed = false;
  private session: KeptSession;

  constructor(
    private readonly of: SessionParts,
    private readonly parts: {
      make: (of: SessionParts, yields: boolean, onState: (state: LiveSendState) => void) => LiveSender;
      keep: (kept: KeptSession) => Promise<void>;
      /** @param rest the first frame that was not sent before the session ended elsewhere, where that is worth a session of its own */
      ended: (rest: number | null) => void;
      unforgotten: () => void;
    },
  ) {
    this.session = of.kept;
    // The end was said and nobody waits: a device that records the session now is not disturbed.
    this.sender = this.begin(of.kept.finishing);
    this.current = signal(this.sender.state);
    this.state = this.current.asReadonly();
  }

  get kept(): KeptSession {
    return this.session;
  }

  get spool(): SessionParts['spool'] {
    return this.of.spool;
  }

  get whole(): SessionParts {
    return { ...this.of, kept: this.session };
  }

  get sending(): LiveSender {
    return this.sender;
  }

  /** After `replaced`: makes this tab the one that sends, once what was heard before is kept: the next sender counts from there. */
  async takeBack(): Promise<void> {
    const before = this.sender;
    await before.close();
    // Asked for twice, or left meanwhile.
    if (this.sender !== before || this.isClosed) return;
    this.sender = this.begin(false);
    this.current.set(this.sender.state);
  }

  /** Notes on the shelf what has changed, unless the session has left it. */
  keep(change: Partial<Pick<KeptSession, 'finishing' | 'known' | 'heardAt'>> = {}): Promise<void> {
    this.session = { ...this.session, ...change };
    return this.isOver ? Promise.resolve() : this.parts.keep(this.session);
  }

  /** A frame has come. */
  heard(): void {
    this.heardAt = Date.now();
    if (this.heardAt - (this.session.heardAt ?? 0) >= NOTE_MS) void this.keep({ heardAt: this.heardAt });
  }

  /** For one that is gone on with after a reload or a crash: the time in between becomes a pause. */
  noteGap(): void {
    if (this.session.heardAt === undefined) return;
    this.sender.pause(this.session.heardAt);
    this.sender.resume();
  }

  /** Whoever goes on later shall know from when on nothing was heard. Resolves when everything that was heard is kept. */
  close(): Promise<void> {
    this.isClosed = true;
    if (this.heardAt !== undefined) void this.keep({ heardAt: this.heardAt });
    return this.sender.close();
  }

  private begin(yields: boolean): LiveSender {
    const made: { sender?: LiveSender } = {};
    made.sender = this.parts.make(this.whole, yields, (state) => {
      // Not of a sender that was given up, nor while this one is being made; nor of a session that was left, which may be held anew.
      if (made.sender === undefined || this.sender !== made.sender || this.isClosed) return;
      if (state.unforgotten > this.current().unforgotten) this.parts.unforgotten();
      this.current.set(state);
      if (!this.session.known && OPENED_PHASES.has(state.phase)) void this.keep({ known: true });
      if (state.phase !== 'finished' && !(state.phase === 'refused' && LOST_CAUSES.has(state.problem?.code ?? ''))) return;
      this.isOver = true;
      this.parts.ended(state.problem?.code === 'live-ended' && isRest(state.unsent) ? state.received : null);
    });
    return made.sender;
  }
}

/**
 * Opens kept sessions, each in one tab at a time. Outlives the page: the end of a session is still being stored when its transcript is read. Not the person:
 * after a sign-out nothing is sent of hers, whoever signs in next.
 */
@Injectable({ providedIn: 'root' })
export class LiveSenders {
  private readonly user = inject(Session).user;
  private readonly shelf = inject(SessionShelf);
  private readonly rests = inject(SessionRests);
  private readonly locks = inject(TabLocks);
  private readonly make = inject(LIVE_SENDER);
  private readonly toasts = inject(Toasts);
  private readonly held = new Map<string, { session: HeldSession; release: () => void }>();

  constructor() {
    effect(() => {
      const userId = this.user()?.id;
      untracked(() => [...this.held.values()].forEach(({ session: { kept } }) => kept.userId !== userId && this.leave(kept.id)));
    });
  }

  /** Those that this tab holds. */
  all(): readonly HeldSession[] {
    return [...this.held.values()].map(({ session }) => session);
  }

  /** Null when another tab holds it, or its person has signed out. A session that this tab holds already is given again. */
  open(kept: KeptSession): Promise<HeldSession | null> {
    return this.hold(kept, async () => {
      // The tab that gave it back may have gone on with it.
      const newest = (await this.shelf.of(kept.userId)).find(({ id }) => id === kept.id) ?? kept;
      return { kept: newest, spool: await this.shelf.spool(kept), commands: await this.shelf.commands(kept) };
    });
  }

  private async hold(kept: KeptSession, parts: () => Promise<SessionParts>): Promise<HeldSession | null> {
    const known = this.held.get(kept.id);
    if (known) return known.session;
    const release = await this.locks.take(`${LIVE_LOCK}${kept.id}`);
    if (release === null) return null;
    try {
      const session = this.build(await parts());
      if (session) this.held.set(kept.id, { session, release });
      else release();
      return session;
    } catch (error) {
      // Its storage cannot be read now: it may be later, here or in another tab.
      release();
      throw error;
    }
  }

  private build(of: SessionParts): HeldSession | null {
    if (this.user()?.id !== of.kept.userId) return null;
    return new HeldSession(of, {
      make: ({ kept: { id: recordingId, channelCount, source, sender, known, title }, spool, commands }, yields, onState) =>
        this.make({ recordingId, channelCount, source, sender, known, yields, ...(title === undefined ? {} : { title }), spool, commands, onState }),
      keep: async (changed) => {
        await this.shelf.put(changed);
      },
      ended: (rest) => void (rest === null ? this.over(of.kept.id) : this.sendApart(of.kept.id, rest)),
      unforgotten: () => this.tellUnforgotten(),
    });
  }

  /** Sends what is left of a session whose end was said; nobody waits for it. */
  async finishQuietly(kept: KeptSession): Promise<void> {
    // What cannot be read now is tried again with the next page.
    await this.finish(await this.open(kept).catch(() => null));
  }

  private async finish(session: HeldSession | null): Promise<void> {
    // Refused: it stays on the shelf or leaves it by its state, and the list offers it again.
    await session?.sending.finish().catch(() => undefined);
    // Another device has it now: tried again with the next page, or by another tab.
    if (session?.state().phase === 'replaced') this.leave(session.kept.id);
  }

  /** Stops sending; the session stays on the shelf and can be gone on with. */
  leave(id: string): void {
    const known = this.held.get(id);
    if (!known) return;
    this.held.delete(id);
    // Whoever goes on with it counts from what is kept.
    void known.session.close().finally(known.release);
  }

  /** The page of the session may have been left for its transcript. */
  private tellUnforgotten(): void {
    this.toasts.show('What you put off the record may still be in the recording', {
      tone: 'danger',
      detail: 'The server did not take it any more. Look in the transcript: without a note “Off the record” its sound and words are still there. Delete the recording if they must not be kept.',
      // She may be looking at her patient.
      durationMs: Number.POSITIVE_INFINITY,
    });
  }

  private async over(id: string): Promise<void> {
    const known = this.held.get(id);
    if (!known) return;
    this.held.delete(id);
    // Nothing is written any more behind what is removed.
    await known.session.close();
    await this.shelf.remove(id);
    known.release();
  }

  /** What was not sent before the session ended elsewhere, from this frame on, is sent as a session of its own. */
  private async sendApart(id: string, from: number): Promise<void> {
    const known = this.held.get(id);
    if (!known) return;
    this.held.delete(id);
    await known.session.close();
    const rest = await this.separate(known.session, from);
    known.release();
    if (rest === null) return;
    this.tellApart(rest);
    await this.finish(await this.hold(rest.kept, () => Promise.resolve(rest)));
  }

  /** Null where the browser's storage does not answer, or what was made of it before is being sent: tried again with the next page. */
  private async separate(session: HeldSession, from: number): Promise<SessionParts | null> {
    const { rest } = session.kept;
    const release = rest ? await this.locks.take(`${LIVE_LOCK}${rest.id}`) : () => undefined;
    const made = release && (await this.rests.separate(session.whole, from).catch(() => null));
    release?.();
    return made;
  }

  private tellApart({ kept: { title = '', userId }, spool }: SessionParts): void {
    if (this.user()?.id !== userId) return;
    this.toasts.show('What was not sent becomes a recording of its own', {
      detail: `The session had ended elsewhere before this device could send its last ${spanWords(spool.next)}. They are being sent now, as “${title}”.`,
      durationMs: READING_MS,
    });
  }
}
