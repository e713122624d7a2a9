import { DOCUMENT, DestroyRef, Injectable, inject } from '@angular/core';

/** Keeps the screen on during a session: a phone that sleeps takes its microphone away. */
@Injectable()
export class ScreenAwake {
  private readonly document = inject(DOCUMENT);
  private wanted = false;
  private lock: WakeLockSentinel | null = null;

  constructor() {
    const abort = new AbortController();
    // The browser takes the lock back when the page is hidden.
    this.document.addEventListener('visibilitychange', () => void this.apply(), { signal: abort.signal });
    inject(DestroyRef).onDestroy(() => {
      abort.abort();
      this.want(false);
    });
  }

  want(wanted: boolean): void {
    this.wanted = wanted;
    void this.apply();
  }

  private async apply(): Promise<void> {
    if (!this.wanted) {
      const lock = this.lock;
      this.lock = null;
      return lock?.release();
    }
    if (this.document.visibilityState !== 'visible' || (this.lock && !this.lock.released)) return;
    // Refused when the battery is low, unknown to old browsers: then the screen sleeps as it always did.
    this.lock = (await (this.document.defaultView?.navigator as Partial<Navigator>).wakeLock?.request('screen').catch(() => null)) ?? null;
  }
}
