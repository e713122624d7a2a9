import { ChangeDetectionStrategy, Component, booleanAttribute, computed, inject, input, output, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { ButtonComponent, Dialogs, NoticeComponent, Toasts, timeOfDay, type ConfirmRequest } from '@auscult/ui';
import { Session } from '../../../core/session';
import { TabLocks } from '../../uploads/tab-locks';
import { LIVE_LOCK, LiveSenders } from '../session/live-senders';
import { SessionRemovals } from '../session/session-removals';
import { SessionShelf, type KeptSession } from '../spool/session-shelf';

/** Kept sessions whose end was said that are sent at the same time. */
const SENT_AT_ONCE = 3;

/** Sessions of this browser that were interrupted: goes on with them, finishes them or deletes them. Those whose end was said are sent by themselves. */
@Component({
  selector: 'auscult-kept-sessions',
  imports: [ButtonComponent, NoticeComponent, RouterLink],
  template: `
    @for (session of sessions(); track session.id) {
      <au-notice tone="warning" icon="mic" [heading]="'The session of ' + timeOf(session) + ' was interrupted'" text="What was recorded is kept on this device. Nothing is lost.">
        <button auButton look="quiet" size="small" type="button" [busy]="busy()" (click)="delete(session)">Delete it<span class="visually-hidden">, the session of {{ timeOf(session) }}</span></button>
        @if (inPlace()) {
          <button auButton look="quiet" size="small" type="button" [busy]="busy()" (click)="finish.emit(session)">Finish it<span class="visually-hidden">, the session of {{ timeOf(session) }}</span></button>
          <button auButton look="primary" size="small" type="button" [busy]="busy()" (click)="goOn.emit(session)">Go on<span class="visually-hidden"> with the session of {{ timeOf(session) }}</span></button>
        } @else {
          <a auButton look="primary" size="small" routerLink="/recordings/live">Go on or finish it</a>
        }
      </au-notice>
    }
  `,
  styles: `:host { display: grid; gap: var(--space-3); } :host:has(au-notice) { margin-block-end: var(--space-5); }`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class KeptSessionsComponent {
  private readonly shelf = inject(SessionShelf);
  private readonly senders = inject(LiveSenders);
  private readonly locks = inject(TabLocks);
  private readonly user = inject(Session).user;
  private readonly dialogs = inject(Dialogs);
  private readonly toasts = inject(Toasts);
  private readonly removals = inject(SessionRemovals);
  private readonly found = signal<readonly KeptSession[]>([]);
  protected readonly sessions = computed(() => this.found().filter(({ id }) => !this.removals.removed().has(id)));
  protected readonly timeOf = timeOf;
  /** Whether this page can record: elsewhere a link leads to the one that can. */
  readonly inPlace = input(false, { transform: booleanAttribute });
  /** A session is beginning or being gone on with. */
  readonly busy = input(false);
  readonly goOn = output<KeptSession>();
  readonly finish = output<KeptSession>();

  constructor() {
    void this.look();
  }

  protected async delete(session: KeptSession): Promise<void> {
    if (!(await this.dialogs.confirm(askToDelete(session)))) return;
    if (await this.removals.remove(session.id)) this.toasts.show('The session was deleted from this device', { icon: 'trash' });
    else this.toasts.show('The session was not deleted', { tone: 'danger', detail: 'Another tab goes on with it, or the browser refuses. Load the page again.' });
  }

  private async look(): Promise<void> {
    const kept = await this.kept();
    void this.finishQuietly(kept.filter(({ finishing }) => finishing));
    const open = kept.filter(({ finishing }) => !finishing);
    const free = await Promise.all(open.map((session) => this.isFree(session)));
    // The tab that had one on air may have finished it.
    const left = new Set((await this.kept()).filter(({ finishing }) => !finishing).map(({ id }) => id));
    this.found.set(open.filter(({ id }, index) => free[index] && left.has(id)));
    await this.removals.removeDeleted(this.found());
  }

  /** A few at a time: the server takes only so many of one person, and today's has to have room. */
  private async finishQuietly(sessions: readonly KeptSession[]): Promise<void> {
    const waiting = [...sessions];
    const sendOn = async (): Promise<void> => {
      for (let session = waiting.shift(); session; session = waiting.shift()) await this.senders.finishQuietly(session);
    };
    await Promise.all(Array.from({ length: SENT_AT_ONCE }, sendOn));
  }

  private kept(): Promise<readonly KeptSession[]> {
    return this.shelf.of(this.user()?.id ?? '');
  }

  /** One that is on air in another tab, or in this one, was not interrupted. */
  private async isFree({ id }: KeptSession): Promise<boolean> {
    const release = await this.locks.take(`${LIVE_LOCK}${id}`);
    release?.();
    return release !== null;
  }
}

function timeOf(session: KeptSession): string {
  return timeOfDay(session.startedAt);
}

function askToDelete(session: KeptSession): ConfirmRequest {
  const elsewhere = session.known ? ' What the server has of it stays in the list of recordings.' : '';
  return {
    title: `Delete the session of ${timeOf(session)}?`,
    text: `Its sound on this device is destroyed. This cannot be undone.${elsewhere}`,
    confirmLabel: 'Delete from this device',
    danger: true,
  };
}
