import { DestroyRef, Injectable, inject, signal } from '@angular/core';
import { ProblemError } from '@auscult/client';
import { AUSCULT_CLIENT } from '../../../core/auscult-client.token';
import { Realtime } from '../../../core/realtime';
import { Session } from '../../../core/session';
import { TabLocks } from '../../uploads/tab-locks';
import { SessionShelf, type KeptSession } from '../spool/session-shelf';
import { LIVE_LOCK } from './live-senders';

/** Destroys what this browser keeps of sessions that nobody wants any more: their recording was deleted, wherever that was, or they are given up here. */
@Injectable({ providedIn: 'root' })
export class SessionRemovals {
  private readonly client = inject(AUSCULT_CLIENT);
  private readonly shelf = inject(SessionShelf);
  private readonly locks = inject(TabLocks);
  private readonly user = inject(Session).user;
  private readonly ids = signal<ReadonlySet<string>>(new Set());
  /** Of those that were removed since the page was loaded. */
  readonly removed = this.ids.asReadonly();

  constructor() {
    inject(Realtime).on('recording:deleted', ({ recordingId }) => void this.removeKept(recordingId), inject(DestroyRef));
  }

  /** Removes those that the server had and does not have any more. */
  async removeDeleted(sessions: readonly KeptSession[]): Promise<void> {
    const known = sessions.filter((session) => session.known);
    await Promise.all(known.map(async (session) => (await this.isDeleted(session)) && this.remove(session.id)));
  }

  /** False when a tab has it on air, which hears of a deletion from the server itself, or when the browser did not do it. */
  async remove(id: string): Promise<boolean> {
    const release = await this.locks.take(`${LIVE_LOCK}${id}`);
    if (release === null) return false;
    const isRemoved = await this.shelf.remove(id);
    release();
    if (isRemoved) this.ids.update((ids) => new Set(ids).add(id));
    return isRemoved;
  }

  private async removeKept(id: string): Promise<void> {
    if ((await this.shelf.of(this.user()?.id ?? '')).some((session) => session.id === id)) await this.remove(id);
  }

  private async isDeleted({ id, userId }: KeptSession): Promise<boolean> {
    try {
      await this.client.recordings.get(id);
      return false;
    } catch (error) {
      // The server names each request in its refusals: a proxy before a server that is away says "not found" too, and what is removed is gone for good.
      // And it says so of another person's session, should one have signed in meanwhile.
      return ProblemError.is(error, 'not-found') && error.problem.requestId !== undefined && this.user()?.id === userId;
    }
  }
}
