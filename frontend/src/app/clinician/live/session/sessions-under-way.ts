import { DOCUMENT, Injectable, inject } from '@angular/core';
import { Session } from '../../../core/session';
import { UnfinishedWork, type WorkHolder } from '../../../core/unfinished-work';
import { TabLocks } from '../../uploads/tab-locks';
import { SessionShelf } from '../spool/session-shelf';
import { LIVE_LOCK, LiveSenders, type HeldSession } from './live-senders';

/**
 * What of live sessions would stop or have to wait: told before a sign-out, of the browser's other tabs too, since it ends them all, and before this tab is
 * closed. On whatever page: the end of a session is still being sent when its transcript is read.
 */
@Injectable({ providedIn: 'root' })
export class SessionsUnderWay implements WorkHolder {
  private readonly senders = inject(LiveSenders);
  private readonly shelf = inject(SessionShelf);
  private readonly locks = inject(TabLocks);
  private readonly user = inject(Session).user;

  constructor() {
    inject(UnfinishedWork).register(this);
    inject(DOCUMENT).defaultView?.addEventListener('beforeunload', (event) => this.user() !== null && (this.unsent() || this.forgetting()) && event.preventDefault());
  }

  async loss(): Promise<string> {
    const finishing = await this.finishingElsewhere();
    const said: string[] = [];
    if (this.recording() || finishing.includes(false)) said.push('Recording stops. The session stays on this device and can be gone on with after the next sign-in.');
    else if (this.unsent() || finishing.includes(true)) said.push('A session is not sent whole yet. The rest stays on this device and is sent after the next sign-in.');
    if (this.forgetting()) said.push('What you put off the record is still in the recording on the server: it is taken out there after the next sign-in on this device.');
    return said.join(' ');
  }

  /** It stays on the shelf: nothing is given up. */
  discard(): Promise<void> {
    return Promise.resolve();
  }

  private recording(): boolean {
    return this.senders.all().some((session) => !session.kept.finishing && !isStopped(session));
  }

  private unsent(): boolean {
    return this.senders.all().some((session) => session.state().unsent > 0 && !isStopped(session));
  }

  private forgetting(): boolean {
    return this.senders.all().some((session) => session.state().forgetting > 0 && !isStopped(session));
  }

  /** One answer for each session that another tab holds: its end was said. */
  private async finishingElsewhere(): Promise<boolean[]> {
    const here = new Set(this.senders.all().map(({ kept }) => kept.id));
    const [held, shelved] = await Promise.all([this.locks.held(LIVE_LOCK), this.shelf.of(this.user()?.id ?? '')]);
    return held.filter((id) => !here.has(id)).map((id) => shelved.find((kept) => kept.id === id)?.finishing ?? false);
  }
}

/** It neither records nor sends: what it has kept stays as it is. */
function isStopped({ state }: HeldSession): boolean {
  return ['replaced', 'refused'].includes(state().phase);
}
