import { LiveAnnouncer } from '@angular/cdk/a11y';
import { Injectable, effect, inject } from '@angular/core';
import type { RecordingView } from '@auscult/contracts';
import { spokenDuration } from '@auscult/ui';
import { TranscriptStore } from './transcript.store';

/** A screen reader hears of progress this often and not of every word: a quarter each time. */
const STEPS = 4;

/** Tells screen readers where the transcription stands, politely. */
@Injectable()
export class ProgressAnnouncer {
  private readonly store = inject(TranscriptStore);
  private readonly announcer = inject(LiveAnnouncer);
  private said = '';

  constructor() {
    effect(() => {
      const message = this.message();
      if (message === null || message === this.said) return;
      // What was true when the page opened stands on the page; only changes are said.
      if (this.said !== '') void this.announcer.announce(message, 'polite');
      this.said = message;
    });
  }

  private message(): string | null {
    const recording = this.store.recording();
    if (!recording) return null;
    switch (recording.status) {
      case 'live':
        return recording.live?.finishing ? 'The session is over. Its last words are being written.' : 'On air.';
      case 'queued':
        return 'Waiting to be transcribed.';
      case 'transcribing': {
        const step = Math.floor(recording.progress * STEPS);
        if (step === 0) return 'Transcribing has begun.';
        return `${(step * 100) / STEPS} percent transcribed${this.of(recording.durationMs)}.`;
      }
      case 'completed':
        return completeMessage(recording);
      case 'failed':
        return 'The transcription has failed.';
      case 'cancelled':
        return 'The transcription was cancelled.';
    }
  }

  private of(durationMs: number | null): string {
    return durationMs === null ? '' : ` of ${spokenDuration(durationMs)}`;
  }
}

/** Of a second hearing only its end is said. */
function completeMessage({ wordCount, secondPass }: RecordingView): string {
  if (secondPass?.state === 'failed') return 'The second hearing did not succeed. The transcript is as it was.';
  if (secondPass?.state === 'done') return `The session was heard a second time: ${wordCount} words.`;
  return `The transcript is complete: ${wordCount} words.`;
}
