import { Injectable, effect, inject, signal, untracked } from '@angular/core';
import type { WaveformView } from '@auscult/contracts';
import { AUSCULT_CLIENT } from '../../core/auscult-client.token';
import { TranscriptStore } from './transcript.store';

/** The waveform, read as soon as the whole audio has been gone through. */
@Injectable()
export class WaveformSource {
  private readonly client = inject(AUSCULT_CLIENT);
  private readonly store = inject(TranscriptStore);
  private readonly read = signal<WaveformView | null>(null);
  readonly waveform = this.read.asReadonly();

  constructor() {
    effect(() => {
      const recording = this.store.recording();
      const wanted = recording?.status === 'completed' ? recording.id : null;
      untracked(() => void this.follow(wanted));
    });
  }

  private async follow(id: string | null): Promise<void> {
    if (id === null || this.read() !== null) return;
    try {
      this.read.set(await this.client.recordings.waveform(id));
    } catch {
      // A plain line serves as well; nobody has to be told.
    }
  }
}
