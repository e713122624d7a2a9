import { DOCUMENT, DestroyRef, Injectable, inject } from '@angular/core';
import { Dialogs, type ConfirmRequest } from '@auscult/ui';
import { Session } from './session';

export type LeaveQuestion = Pick<ConfirmRequest, 'title' | 'text' | 'confirmLabel'>;

/** Asks before a page is left on which something would stop or be lost: by the browser when the tab goes, in our own words otherwise. After a sign-out nobody is asked. */
@Injectable()
export class LeaveGuard {
  private readonly dialogs = inject(Dialogs);
  private readonly user = inject(Session).user;
  /** Set by the page. */
  holds: () => boolean = () => false;

  constructor() {
    const window = inject(DOCUMENT).defaultView;
    const abort = new AbortController();
    window?.addEventListener('beforeunload', (event) => this.user() !== null && this.holds() && event.preventDefault(), { signal: abort.signal });
    inject(DestroyRef).onDestroy(() => abort.abort());
  }

  /** True when the page may be left. */
  ask(question: LeaveQuestion): Promise<boolean> {
    return this.dialogs.confirm({ ...question, cancelLabel: 'Stay', danger: true });
  }
}
