import type { DestroyRef } from '@angular/core';
import type { ServerEventName, ServerEventPayload } from '@auscult/contracts';

/** The live channel without a network: a spec sends the events. */
export class FakeRealtime {
  private readonly listeners = new Map<string, Set<(payload: never) => void>>();
  private readonly reconnects = new Set<() => void>();

  on<E extends ServerEventName>(event: E, listener: (payload: ServerEventPayload<E>) => void, destroyRef: DestroyRef): void {
    const listeners = this.listeners.get(event) ?? new Set();
    this.listeners.set(event, listeners.add(listener));
    destroyRef.onDestroy(() => listeners.delete(listener));
  }

  onReconnect(listener: () => void, destroyRef: DestroyRef): void {
    this.reconnects.add(listener);
    destroyRef.onDestroy(() => this.reconnects.delete(listener));
  }

  send<E extends ServerEventName>(event: E, payload: ServerEventPayload<E>): void {
    for (const listener of this.listeners.get(event) ?? []) listener(payload as never);
  }

  reconnect(): void {
    for (const listener of this.reconnects) listener();
  }
}
