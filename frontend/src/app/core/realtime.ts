import { Injectable, effect, inject, type DestroyRef } from '@angular/core';
import { RealtimeClient, type TranscriptWatch } from '@auscult/client';
import type { ServerEventName, ServerEventPayload } from '@auscult/contracts';
import { Connection } from './connection';
import { Session } from './session';

/** The live channel of the signed-in person; connects with the first listener and closes when she signs out. */
@Injectable({ providedIn: 'root' })
export class Realtime {
  private readonly session = inject(Session);
  /** The channel itself, for live sessions; everybody else listens by `on`. */
  readonly client = new RealtimeClient({ accessToken: this.session });
  private readonly connection = inject(Connection);
  readonly state = this.connection.state;

  constructor() {
    this.client.onStateChange((state) => this.connection.become(state));
    effect(() => {
      if (!this.session.user()) this.client.close();
    });
  }

  /** Listens until the caller is destroyed. */
  on<E extends ServerEventName>(event: E, listener: (payload: ServerEventPayload<E>) => void, destroyRef: DestroyRef): void {
    this.client.connect();
    destroyRef.onDestroy(this.client.on(event, listener));
  }

  /** After each connection events may have been missed: read the rows again. */
  onConnect(listener: () => void, destroyRef: DestroyRef): void {
    destroyRef.onDestroy(this.client.onConnect(listener));
  }

  /** Receives `transcript:*` of one recording until the caller is destroyed. */
  watchTranscript(recordingId: string, destroyRef: DestroyRef): TranscriptWatch {
    const watch = this.client.watchTranscript(recordingId);
    destroyRef.onDestroy(() => watch.stop());
    return watch;
  }
}
