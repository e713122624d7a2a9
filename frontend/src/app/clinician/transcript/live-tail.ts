import { DOCUMENT, DestroyRef, Injectable, Injector, afterNextRender, computed, effect, inject, signal, untracked } from '@angular/core';
import { AudioPlayer } from './audio-player';
import { LineFocus } from './line-focus';
import { LiveWords } from './live-words';
import { TranscriptStore } from './transcript.store';

/** So near to the end of the page, in CSS pixels, a person is watching words arrive. */
const NEAR_PX = 160;

/** While a transcript is written: keeps the newest words in view of who watches them, and counts them for who reads above. */
@Injectable()
export class LiveTail {
  private readonly document = inject(DOCUMENT);
  private readonly window = this.document.defaultView;
  private readonly store = inject(TranscriptStore);
  /** Not on the page of a session that is on air, as little as lines that can be edited. */
  private readonly player = inject(AudioPlayer, { optional: true });
  private readonly lines = inject(LineFocus, { optional: true });
  private readonly live = inject(LiveWords);
  private readonly injector = inject(Injector);
  private readonly atEnd = signal(this.player === null);
  private readonly seen = signal(0);
  /** The first reading stands on the page. */
  private isRead = false;
  private scrollY = 0;
  /** Lines that arrived below the window since it was left. */
  readonly unseen = computed(() => (this.store.working() && !this.atEnd() ? Math.max(0, this.store.segments().length - this.seen()) : 0));

  constructor() {
    const abort = new AbortController();
    this.window?.addEventListener('scroll', () => this.scrolled(), { passive: true, signal: abort.signal });
    inject(DestroyRef).onDestroy(() => abort.abort());
    effect(() => {
      const count = this.store.segments().length;
      const isReady = this.store.loadState().kind === 'ready';
      // What is being said grows line by line too.
      this.live.spokenNow();
      untracked(() => this.arrived(count, isReady));
    });
  }

  toEnd(): void {
    const { window } = this;
    if (!window) return;
    this.atEnd.set(true);
    this.seen.set(this.store.segments().length);
    const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    window.scrollTo({ top: window.document.documentElement.scrollHeight, behavior: still ? 'instant' : 'smooth' });
  }

  private arrived(count: number, isReady: boolean): void {
    if (this.showsFromBeginning(isReady) || !this.store.working()) return this.seen.set(count);
    const plays = this.player?.playing() ?? false;
    if (plays) this.seen.set(count);
    // Where the page stands before this is drawn: a long line alone would make a page that stood at its end look left.
    if (!this.atEnd() && !this.isNearEnd()) return;
    this.atEnd.set(true);
    afterNextRender(() => (plays || this.isTyping() ? this.atEnd.set(this.isNearEnd()) : this.toEnd()), { injector: this.injector });
  }

  /** The first reading shows what is there from its beginning, but on air only what is said now matters. */
  private showsFromBeginning(isReady: boolean): boolean {
    if (this.player === null || (this.isRead && isReady)) return false;
    this.isRead = false;
    if (isReady) afterNextRender(() => (this.isRead = true), { injector: this.injector });
    return true;
  }

  /** The field would be scrolled away under the person's hands. The list of speakers keeps to itself that it has one. */
  private isTyping(): boolean {
    const line = this.lines?.editing() ?? this.lines?.renaming() ?? this.document.querySelector('auscult-speaker-legend input');
    return line !== null;
  }

  private scrolled(): void {
    const { window } = this;
    if (!window) return;
    const isUpwards = window.scrollY < this.scrollY;
    this.scrollY = window.scrollY;
    const near = this.isNearEnd();
    // On its way to the end a page is not there for some frames: only who scrolls up leaves it.
    if (near === this.atEnd() || (!near && !isUpwards)) return;
    this.atEnd.set(near);
    this.seen.set(this.store.segments().length);
  }

  private isNearEnd(): boolean {
    const { window } = this;
    return window !== null && window.document.documentElement.scrollHeight - window.scrollY - window.innerHeight < NEAR_PX;
  }
}
