import { Injectable } from '@angular/core';

/** One tab works on one thing. Held until released or until the tab is gone, however it went. */
@Injectable({ providedIn: 'root' })
export class TabLocks {
  /** What gives the lock back; null when another tab holds it. Pages without locks (plain http) always get it. */
  take(name: string): Promise<(() => void) | null> {
    const locks = (globalThis.navigator as Partial<Navigator>).locks;
    if (!locks) return Promise.resolve(() => undefined);
    return new Promise((resolve) => {
      void locks.request(`auscult.${name}`, { ifAvailable: true }, (lock) => {
        if (lock === null) return resolve(null);
        return new Promise<void>((release) => resolve(release));
      });
    });
  }
}
