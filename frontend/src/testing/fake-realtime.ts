import type { DestroyRef } from '@angular/core';
import type { ServerEventName, ServerEventPayload } from '@auscult/contracts';

/** The live channel without a network: a spec sends the events. */
export class FakeRealtime {
  private readonly listeners = new Map<string, Set<(payload: never) => void>>();
  private readonly connects = new Set<() => void>();

  on<E extends ServerEventName>(event: E, listener: (payload: ServerEventPayload<E>) => void, destroyRef: DestroyRef): void {
    const listeners = this.listeners.get(event) ?? new Set();
    this.listeners.set(event, listeners.add(listener));
    destroyRef.onDestroy(() => listeners.delete(listener));
  }

  onConnect(listener: () => void, destroyRef: DestroyRef): void {
    this.connects.add(listener);
    destroyRef.onDestroy(() => this.connects.delete(listener));
  }

  send<E extends ServerEventName>(event: E, payload: ServerEventPayload<E>): void {
    for (const listener of this.listeners.get(event) ?? []) listener(payload as never);
  }

  connect(): void {
    for (const listener of this.connects) listener();
  }
}
