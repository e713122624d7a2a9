import { Clipboard } from '@angular/cdk/clipboard';
import { Injectable, inject } from '@angular/core';
import { Toasts, type ToastOptions } from '@auscult/ui';
import { Session } from '../../core/session';

/** Long enough to read them and to decide; in ms. */
const SHOWN_MS = 60_000;
/** More would fill the window; the copy has all of them. */
const SHOWN_CHARS = 240;

/** Says which words of a correction were not saved when its page is gone already. Only their author gets to see them. */
@Injectable({ providedIn: 'root' })
export class LostWords {
  private readonly toasts = inject(Toasts);
  private readonly clipboard = inject(Clipboard);
  private readonly user = inject(Session).user;

  tell(words: string, authorId: string | null): void {
    const user = this.user();
    if (user === null) this.say({ detail: 'You were signed out before the server had it.' });
    else if (user.id === authorId) this.show(words);
  }

  private show(words: string): void {
    const detail = words.length > SHOWN_CHARS ? `${words.slice(0, SHOWN_CHARS)}…` : words;
    this.say({ detail, action: { label: 'Copy', run: () => this.copy(words) } });
  }

  private say(options: ToastOptions): void {
    this.toasts.show('A correction was not saved', { ...options, tone: 'danger', durationMs: SHOWN_MS });
  }

  private copy(words: string): void {
    if (this.clipboard.copy(words)) this.toasts.show('Words copied', { icon: 'copy' });
    else this.show(words);
  }
}
