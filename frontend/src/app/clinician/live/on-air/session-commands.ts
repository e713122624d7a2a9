import { Dialog } from '@angular/cdk/dialog';
import { DOCUMENT, DestroyRef, Injectable, computed, effect, inject, untracked } from '@angular/core';
import { Dialogs, Toasts, clock } from '@auscult/ui';
import { LiveWords } from '../../transcript/live-words';
import { isTextField, singleKeysWanted } from '../../transcript/page-keys';
import { LiveRecorder } from '../session/live-recorder';
import { READING_MS } from '../session/live-senders';
import type { ForgettableMinutes } from './on-air-controls.component';

/** What a clinician does during a session; the key M is read here. */
@Injectable()
export class SessionCommands {
  private readonly recorder = inject(LiveRecorder);
  private readonly words = inject(LiveWords);
  private readonly dialogs = inject(Dialogs);
  private readonly dialog = inject(Dialog);
  private readonly toasts = inject(Toasts);

  constructor() {
    const abort = new AbortController();
    inject(DOCUMENT).addEventListener('keydown', (event) => this.key(event), { signal: abort.signal });
    inject(DestroyRef).onDestroy(() => abort.abort());
    const forgetting = computed(() => this.recorder.state()?.forgetting ?? null);
    effect(() => {
      if (forgetting() === 0) untracked(() => void this.words.allTaken());
    });
  }

  toggle(): void {
    if (this.recorder.paused()) this.recorder.resume();
    else this.recorder.pause();
  }

  mark(): void {
    const atMs = this.recorder.mark();
    if (atMs === null) {
      this.toasts.show('Nothing was marked: the session is over here', { tone: 'danger', detail: 'Open it in the list of recordings to read and correct it.' });
      return;
    }
    this.toasts.show(`Marked ${clock(atMs)}`, { icon: 'bookmark', durationMs: 3_000 });
  }

  async forget(minutes: ForgettableMinutes): Promise<void> {
    const span = minutes === 1 ? 'minute' : `${minutes} minutes`;
    const agreed = await this.dialogs.confirm({
      title: `Put the last ${span} off the record?`,
      text: `The sound and the words of the last ${span} before you agree are destroyed, here and on the server, and nobody can bring them back. A note stays in the transcript that something is off the record. The session goes on.`,
      confirmLabel: `Destroy the last ${span}`,
      danger: true,
    });
    if (!agreed) return;
    const put = this.recorder.forget(minutes);
    if (put === null) {
      this.toasts.show('Nothing was put off the record: the session is over here', {
        tone: 'danger',
        detail: 'If another window or device records it now, put it off the record there. Otherwise it stays in the recording: delete the recording if it must not be kept.',
        durationMs: READING_MS,
      });
      return;
    }
    this.words.putOffRecord(put.id, put.untilMs, minutes);
    const waits = ['connecting', 'offline'].includes(this.recorder.state()?.phase ?? '');
    const later = waits ? { detail: 'On this device now; on the server as soon as it can be reached.', durationMs: READING_MS } : {};
    this.toasts.show(`The last ${span} are off the record`.replace('minute are', 'minute is'), { icon: 'off-record', ...later });
  }

  confirmFinish(): Promise<boolean> {
    return this.dialogs.confirm({
      title: 'Finish the session?',
      text: 'Recording ends. The last words are written in a moment, then the transcript opens.',
      confirmLabel: 'Finish',
      cancelLabel: 'Go on recording',
    });
  }

  private key(event: KeyboardEvent): void {
    if (event.key.toLowerCase() !== 'm' || event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented) return;
    if (this.dialog.openDialogs.length > 0 || isTextField(event.target) || !singleKeysWanted() || !this.recorder.takesCommands()) return;
    event.preventDefault();
    this.mark();
  }
}
