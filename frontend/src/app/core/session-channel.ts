import type { SessionView } from '@auscult/contracts';

const NAME = 'auscult.session';

/** Keeps the tabs of one browser in step: who is signed in, and whose turn it is to renew the token. */
export class SessionChannel {
  private readonly channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(NAME);

  listen(listener: (session: SessionView | null) => void): void {
    if (this.channel) this.channel.onmessage = (event: MessageEvent<SessionView | null>) => listener(event.data);
  }

  announce(session: SessionView | null): void {
    this.channel?.postMessage(session);
  }

  /**
   * Runs the work when no other tab runs one. `subject` is handed through, so that the work can tell what changed while it
   * waited. Pages served over plain http from another machine have no locks; there the server's own check is the guard.
   */
  exclusive<S, T>(subject: S, work: (subject: S) => Promise<T>): Promise<T> {
    const locks = (globalThis.navigator as Partial<Navigator>).locks;
    if (!locks) return work(subject);
    return locks.request(NAME, () => work(subject));
  }
}
