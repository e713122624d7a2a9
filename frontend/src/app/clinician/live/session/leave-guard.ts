import { DOCUMENT, DestroyRef, Injectable, inject } from '@angular/core';
import { Dialogs } from '@auscult/ui';

/** Asks before a page is left on which something would stop: by the browser when the tab goes, in our own words otherwise. */
@Injectable()
export class LeaveGuard {
  private readonly dialogs = inject(Dialogs);
  /** Set by the page. */
  holds: () => boolean = () => false;

  constructor() {
    const window = inject(DOCUMENT).defaultView;
    const abort = new AbortController();
    window?.addEventListener('beforeunload', (event) => this.holds() && event.preventDefault(), { signal: abort.signal });
    inject(DestroyRef).onDestroy(() => abort.abort());
  }

  /** True when the page may be left. */
  ask(): Promise<boolean> {
    return this.dialogs.confirm({
      title: 'Leave the session?',
      text: 'Recording stops when you leave this page. The session is not over: the list of recordings offers to go on with it.',
      confirmLabel: 'Stop recording and leave',
      cancelLabel: 'Stay',
      danger: true,
    });
  }
}
