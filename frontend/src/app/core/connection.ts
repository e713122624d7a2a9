import { Injectable, computed, signal } from '@angular/core';
import type { ConnectionState } from '@auscult/client';

/** The state of the live channel, apart from the channel: the frame shows it, and portals without one need not load it. */
@Injectable({ providedIn: 'root' })
export class Connection {
  private readonly current = signal<ConnectionState>('idle');
  readonly state = this.current.asReadonly();
  readonly interrupted = computed(() => this.current() === 'interrupted');

  become(state: ConnectionState): void {
    this.current.set(state);
  }
}
