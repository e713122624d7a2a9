import { Injectable } from '@angular/core';

/** How long a page that was reloaded may take to give back what it held, in ms. */
const HANDOVER_MS = 2_000;

/** One tab works on one thing. Held until released or until the tab is gone, however it went. */
@Injectable({ providedIn: 'root' })
export class TabLocks {
  /** What gives the lock back; null when another tab goes on holding it. Pages without locks (plain http) always get it. */
  take(name: string): Promise<(() => void) | null> {
    const locks = (globalThis.navigator as Partial<Navigator>).locks;
    if (!locks) return Promise.resolve(() => undefined);
    return new Promise((resolve) => {
      const held = (): Promise<void> => new Promise((release) => resolve(release));
      locks.request(`auscult.${name}`, { signal: AbortSignal.timeout(HANDOVER_MS) }, held).catch(() => resolve(null));
    });
  }

  /** What follows `prefix` in the names of those that some tab of this browser holds, this one included. */
  async held(prefix: string): Promise<string[]> {
    const locks = (globalThis.navigator as Partial<Navigator>).locks;
    const { held } = (await locks?.query().catch(() => null)) ?? {};
    const start = `auscult.${prefix}`;
    return (held ?? []).flatMap(({ name }) => (name?.startsWith(start) ? [name.slice(start.length)] : []));
  }
}
