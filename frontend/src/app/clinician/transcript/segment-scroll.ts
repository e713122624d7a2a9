import { DOCUMENT, Injectable, Injector, afterNextRender, inject, signal } from '@angular/core';

/** Where a line that is read along stands, as a part of the window's height. */
const READING_LINE = 0.38;
/** Farther than so many windows it jumps: an hour flying by helps nobody. */
const FAR_WINDOWS = 2.5;

/** Brings segments into view. */
@Injectable()
export class SegmentScroll {
  private readonly document = inject(DOCUMENT);
  private readonly injector = inject(Injector);
  private readonly asked = signal<string | null>(null);
  /** A row to be drawn that is not yet: a long transcript is drawn piece by piece. */
  readonly wanted = this.asked.asReadonly();

  /** To the reading line, when it is not near the middle of the window already. */
  toReading(id: string): void {
    const row = this.row(id);
    const window = this.document.defaultView;
    if (!row || !window) return this.to(id);
    const { top, bottom } = row.getBoundingClientRect();
    if (top > window.innerHeight * 0.16 && bottom < window.innerHeight * 0.68) return;
    this.to(id);
  }

  to(id: string): void {
    const row = this.row(id);
    if (row) return this.scrollTo(row);
    this.asked.set(id);
    afterNextRender(
      () => {
        const drawn = this.row(id);
        if (drawn) this.scrollTo(drawn);
      },
      { injector: this.injector },
    );
  }

  private scrollTo(row: HTMLElement): void {
    const window = this.document.defaultView;
    if (!window) return;
    const distance = this.distance(row, window);
    const far = Math.abs(distance) > window.innerHeight * FAR_WINDOWS;
    const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    window.scrollBy({ top: distance, behavior: far || still ? 'instant' : 'smooth' });
    // Rows that were never drawn had a guessed height: after a jump the place is corrected.
    if (far) window.requestAnimationFrame(() => window.scrollBy({ top: this.distance(row, window), behavior: 'instant' }));
  }

  private row(id: string): HTMLElement | null {
    return this.document.getElementById(`segment-${id}`);
  }

  private distance(row: HTMLElement, window: Window): number {
    const { top, height } = row.getBoundingClientRect();
    return top + Math.min(height, window.innerHeight / 3) / 2 - window.innerHeight * READING_LINE;
  }
}
