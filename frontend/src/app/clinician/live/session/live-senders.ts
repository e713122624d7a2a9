import { Injectable, InjectionToken, effect, inject, signal, untracked, type Signal, type WritableSignal } from '@angular/core';
import { LiveSession, type LiveSendState, type LiveSender, type LiveSessionOptions } from '@auscult/client';
import { Realtime } from '../../../core/realtime';
import { Session } from '../../../core/session';
import { TabLocks } from '../../uploads/tab-locks';
import type { IndexedDbFrameSpool } from '../spool/indexed-db-frame-spool';
import { SessionShelf, type KeptSession } from '../spool/session-shelf';

/** Makes the sending side of a session; specs put a scripted one in its place. */
export const LIVE_SENDER = new InjectionToken<(options: Omit<LiveSessionOptions, 'realtime'>) => LiveSender>('LIVE_SENDER', {
  providedIn: 'root',
  factory: () => {
    const realtime = inject(Realtime);
    return (options) => new LiveSession({ ...options, realtime: realtime.client });
  },
});

/** The server will never take what is kept of such a session: it was ended or deleted elsewhere. */
const LOST_CAUSES: ReadonlySet<string> = new Set(['live-ended', 'not-found', 'recording-state']);

/** The server answered: it has the session. */
const OPENED_PHASES: ReadonlySet<LiveSendState['phase']> = new Set(['sending', 'catching-up', 'finishing', 'finished']);

/** One kept session on its way to the server; held by this tab alone. What is stored whole leaves the shelf by itself. */
export class HeldSession {
  private readonly current: WritableSignal<LiveSendState>;
  private sender: LiveSender;
  readonly state: Signal<LiveSendState>;

  constructor(
    private session: KeptSession,
    readonly spool: IndexedDbFrameSpool,
    private readonly parts: {
      make: (kept: KeptSession, onState: (state: LiveSendState) => void) => LiveSender;
      keep: (kept: KeptSession) => Promise<void>;
      ended: () => void;
    },
  ) {
    this.sender = this.begin();
    this.current = signal(this.sender.state);
    this.state = this.current.asReadonly();
  }

  get kept(): KeptSession {
    return this.session;
  }

  get sending(): LiveSender {
    return this.sender;
  }

  /** After `replaced`: makes this tab the one that sends. */
  takeBack(): void {
    this.sender.close();
    this.sender = this.begin();
    this.current.set(this.sender.state);
  }

  /** Notes on the shelf what has changed. */
  keep(change: Partial<Pick<KeptSession, 'finishing' | 'known'>> = {}): Promise<void> {
    this.session = { ...this.session, ...change };
    return this.parts.keep(this.session);
  }

  private begin(): LiveSender {
    const made: { sender?: LiveSender } = {};
    made.sender = this.parts.make(this.session, (state) => {
      // Not of a sender that was given up, nor while this one is being made.
      if (made.sender === undefined || this.sender !== made.sender) return;
      this.current.set(state);
      if (!this.session.known && OPENED_PHASES.has(state.phase)) void this.keep({ known: true });
      if (state.phase === 'finished' || (state.phase === 'refused' && LOST_CAUSES.has(state.problem?.code ?? ''))) this.parts.ended();
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
  private readonly locks = inject(TabLocks);
  private readonly make = inject(LIVE_SENDER);
  private readonly held = new Map<string, { session: HeldSession; release: () => void }>();

  constructor() {
    effect(() => {
      const userId = this.user()?.id;
      untracked(() => [...this.held.values()].forEach(({ session: { kept } }) => kept.userId !== userId && this.leave(kept.id)));
    });
  }

  /** Null when another tab holds it, or its person has signed out. A session that this tab holds already is given again. */
  async open(kept: KeptSession): Promise<HeldSession | null> {
    const known = this.held.get(kept.id);
    if (known) return known.session;
    const release = await this.locks.take(`live.${kept.id}`);
    if (release === null) return null;
    const [spool, commands] = await Promise.all([this.shelf.spool(kept), this.shelf.commands(kept)]);
    if (this.user()?.id !== kept.userId) {
      release();
      return null;
    }
    const session = new HeldSession(kept, spool, {
      make: ({ id: recordingId, channelCount, source, sender, known }, onState) =>
        this.make({ recordingId, channelCount, source, sender, known, spool, commands, onState }),
      keep: (changed) => this.shelf.put(changed),
      ended: () => void this.over(kept.id),
    });
    this.held.set(kept.id, { session, release });
    return session;
  }

  /** Sends what is left of a session whose end was said; nobody waits for it. */
  async finishQuietly(kept: KeptSession): Promise<void> {
    const session = await this.open(kept);
    // Refused or replaced: it stays on the shelf or leaves it by its state, and the list offers it again.
    await session?.sending.finish().catch(() => undefined);
  }

  /** Stops sending; the session stays on the shelf and can be gone on with. */
  leave(id: string): void {
    const known = this.held.get(id);
    if (!known) return;
    this.held.delete(id);
    known.session.sending.close();
    known.release();
  }

  private async over(id: string): Promise<void> {
    const known = this.held.get(id);
    if (!known) return;
    this.held.delete(id);
    known.session.sending.close();
    await this.shelf.remove(id);
    known.release();
  }
}
