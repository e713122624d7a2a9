import { DOCUMENT, Injectable, InjectionToken, computed, inject, signal } from '@angular/core';
import { AuscultClient, ProblemError, type AccessTokenSource } from '@auscult/client';
import type { SessionView, SignInBody } from '@auscult/contracts';
import { SessionChannel } from './session-channel';
import { lifetimeMs } from './token-lifetime';

/** How long before its end an access token is renewed, so that no request travels with one that dies on the way. */
const RENEW_BEFORE_MS = 30_000;
/** Says that this browser has a session cookie; the cookie itself cannot be read from here. */
const HINT = 'auscult.session';

/** Loads the portal anew, at its beginning; specs put their own in its place. */
export const START_ANEW = new InjectionToken<() => void>('START_ANEW', {
  providedIn: 'root',
  factory: () => {
    const window = inject(DOCUMENT).defaultView;
    return () => window?.location.replace('/');
  },
});

interface Held {
  session: SessionView;
  /** By this browser's clock, counted from the moment the token arrived: a wrong clock does no harm. */
  endsAt: number;
}

/** Who is signed in. Keeps the access token in memory only; a reload asks the refresh cookie for a new one. A page is one person's: for another one it is loaded anew. */
@Injectable({ providedIn: 'root' })
export class Session implements AccessTokenSource {
  private readonly held = signal<Held | null>(null);
  private readonly auth = new AuscultClient({ accessToken: this }).auth;
  private readonly channel = new SessionChannel();
  private readonly startAnew = inject(START_ANEW);
  /** Whose page this is, also after she has signed out. */
  private person: string | null = null;
  private running: Promise<string | null> | null = null;
  private restoring: Promise<void> | null = null;

  readonly user = computed(() => this.held()?.session.user ?? null);

  constructor() {
    this.channel.listen((session) => (session ? void this.keep(session) : this.held.set(null)));
  }

  /** Asks the cookie for a session, once; rejects when the server cannot be reached, and may then be called again. */
  restore(): Promise<void> {
    if (this.held() || !readHint()) return Promise.resolve();
    this.restoring ??= this.refresh().then(
      () => undefined,
      (error: unknown) => {
        this.restoring = null;
        throw error;
      },
    );
    return this.restoring;
  }

  async signIn(body: SignInBody): Promise<void> {
    const session = await this.auth.signIn(body);
    this.channel.announce(session);
    this.keep(session);
  }

  async signOut(): Promise<void> {
    await this.auth.signOut().catch(ignoreEnded);
    this.end();
  }

  async signOutEverywhere(): Promise<void> {
    await this.auth.signOutEverywhere().catch(ignoreEnded);
    this.end();
  }

  async current(): Promise<string | null> {
    const held = this.held();
    if (!held) return null;
    return Date.now() < held.endsAt - RENEW_BEFORE_MS ? held.session.accessToken : this.refresh();
  }

  /** One refresh at a time, over all tabs: refresh tokens rotate and a second use of one ends the session. */
  refresh(): Promise<string | null> {
    this.running ??= this.channel
      .exclusive(this.held()?.session.accessToken ?? null, (before) => this.renew(before))
      .finally(() => (this.running = null));
    return this.running;
  }

  private async renew(tokenBefore: string | null): Promise<string | null> {
    const held = this.held();
    // Another tab renewed it while this one waited for its turn.
    if (held && held.session.accessToken !== tokenBefore) return held.session.accessToken;
    try {
      const session = await this.auth.refresh();
      this.channel.announce(session);
      return this.keep(session) ? session.accessToken : null;
    } catch (error) {
      if (!(error instanceof ProblemError) || error.status !== 401) throw error;
      this.end();
      return null;
    }
  }

  /** False where it is another person's, signed in here or in another tab: nothing here may go on in the name of either. */
  private keep(session: SessionView): boolean {
    writeHint(true);
    this.person ??= session.user.id;
    const isOwn = this.person === session.user.id;
    this.held.set(isOwn ? { session, endsAt: Date.now() + lifetimeMs(session) } : null);
    if (!isOwn) this.startAnew();
    return isOwn;
  }

  private end(): void {
    writeHint(false);
    this.restoring = null;
    this.held.set(null);
    this.channel.announce(null);
  }
}

function ignoreEnded(error: unknown): void {
  if (!(error instanceof ProblemError) || error.status !== 401) throw error;
}

function readHint(): boolean {
  try {
    return localStorage.getItem(HINT) !== null;
  } catch {
    // Storage refused: asking the server is the only way to know.
    return true;
  }
}

function writeHint(present: boolean): void {
  try {
    if (present) localStorage.setItem(HINT, '1');
    else localStorage.removeItem(HINT);
  } catch {
    // Storage refused: the next page load asks the server.
  }
}
