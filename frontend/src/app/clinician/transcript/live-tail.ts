import { DOCUMENT, DestroyRef, Injectable, Injector, afterNextRender, computed, effect, inject, signal, untracked } from '@angular/core';
import { AudioPlayer } from './audio-player';
import { LiveWords } from './live-words';
import { TranscriptStore } from './transcript.store';

/** So near to the end of the page, in CSS pixels, a person is watching words arrive. */
const NEAR_PX = 160;

/** While a transcript is written: keeps the newest words in view of who watches them, and counts them for who reads above. */
@Injectable()
export class LiveTail {
  private readonly window = inject(DOCUMENT).defaultView;
  private readonly store = inject(TranscriptStore);
  /** Not on the page of a session that is on air. */
  private readonly player = inject(AudioPlayer, { optional: true });
  private readonly live = inject(LiveWords);
  private readonly injector = inject(Injector);
  private readonly atEnd = signal(true);
  private readonly seen = signal(0);
  /** Lines that arrived below the window since it was left. */
  readonly unseen = computed(() => (this.store.working() && !this.atEnd() ? Math.max(0, this.store.segments().length - this.seen()) : 0));

  constructor() {
    const abort = new AbortController();
    this.window?.addEventListener('scroll', () => this.look(), { passive: true, signal: abort.signal });
    inject(DestroyRef).onDestroy(() => abort.abort());
    effect(() => {
      const count = this.store.segments().length;
      untracked(() => this.arrived(count));
    });
    effect(() => {
      // What is being said grows line by line too.
      const speaking = this.live.spokenNow().length > 0;
      untracked(() => speaking && this.atEnd() && !this.player?.playing() && afterNextRender(() => this.toEnd(), { injector: this.injector }));
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

  private arrived(count: number): void {
    // The first reading shows what is there from its beginning, but on air only what is said now matters.
    if ((this.seen() === 0 && this.player !== null) || !this.store.working() || this.player?.playing()) return this.seen.set(count);
    if (this.atEnd()) afterNextRender(() => this.toEnd(), { injector: this.injector });
  }

  private look(): void {
    const { window } = this;
    if (!window) return;
    const left = window.document.documentElement.scrollHeight - window.scrollY - window.innerHeight;
    const atEnd = left < NEAR_PX;
    if (atEnd !== this.atEnd()) {
      this.atEnd.set(atEnd);
      this.seen.set(this.store.segments().length);
    }
  }
}
