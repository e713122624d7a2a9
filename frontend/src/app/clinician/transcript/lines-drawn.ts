import { DestroyRef, Injectable, computed, effect, inject, signal, untracked } from '@angular/core';
import { SegmentScroll } from './segment-scroll';
import { TranscriptStore } from './transcript.store';

/** Lines in the first paint: more than any window shows. */
const FIRST = 60;
/** Lines added in each frame after that: about 10 ms of work, so that the page answers meanwhile. */
const STEP = 100;

/** Draws a long transcript piece by piece: the first lines at once, the rest frame by frame. */
@Injectable()
export class LinesDrawn {
  private readonly store = inject(TranscriptStore);
  private readonly limit = signal(FIRST);
  private frame = 0;
  readonly segments = computed(() => {
    const all = this.store.segments();
    return all.length <= this.limit() ? all : all.slice(0, this.limit());
  });

  constructor() {
    const scroll = inject(SegmentScroll);
    effect(() => {
      const missing = this.store.segments().length > this.limit();
      untracked(() => missing && this.continue());
    });
    effect(() => {
      const wanted = scroll.wanted();
      if (wanted !== null) untracked(() => this.drawUpTo(wanted));
    });
    inject(DestroyRef).onDestroy(() => cancelAnimationFrame(this.frame));
  }

  private continue(): void {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.limit.update((limit) => limit + STEP));
  }

  private drawUpTo(id: string): void {
    const index = this.store.segments().findIndex((segment) => segment.id === id);
    this.limit.update((limit) => Math.max(limit, index + STEP));
  }
}
