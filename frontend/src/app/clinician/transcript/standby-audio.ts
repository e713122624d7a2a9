/** The next element is made ready this long before the link of the playing one ends; in ms. */
export const PREPARE_MS = 60_000;
/** It takes over by then, even if somebody speaks; in ms since it was begun. */
const URGENT_AFTER_MS = 50_000;

/** A second audio element on a new link, loaded up to the place that is heard, waiting for its turn. */
export class StandbyAudio {
  private readonly element = new Audio();
  private readonly begunAt = Date.now();
  private closed = false;

  constructor(link: () => Promise<string>, positionMs: number) {
    this.element.preload = 'auto';
    link().then(
      (url) => {
        if (this.closed) return;
        this.element.src = url;
        this.element.currentTime = positionMs / 1000;
      },
      // The old link still plays. When it has ended, the element's error leads to another attempt.
      () => undefined,
    );
  }

  /** The element once it could play on; null before. */
  ready(): HTMLAudioElement | null {
    return this.element.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA ? this.element : null;
  }

  isUrgent(): boolean {
    return Date.now() - this.begunAt > URGENT_AFTER_MS;
  }

  close(): void {
    this.closed = true;
    release(this.element);
  }
}

/** Ends an element's connection; without this a browser goes on loading. */
export function release(element: HTMLAudioElement): void {
  element.pause();
  element.removeAttribute('src');
  element.load();
}
