import { Injectable, inject } from '@angular/core';
import type { RecordingView } from '@auscult/contracts';
import { Dialogs, Toasts } from '@auscult/ui';
import { AUSCULT_CLIENT } from '../../core/auscult-client.token';
import { problemMessage } from '../../core/problem-message';
import { askTitle, askToDelete } from './recording-questions';
import { RecordingsList } from './recordings-list';
import { againQuestion } from './transcribe-again';

/** What a person can do with a row of the list; each ends in a row, a message or both. */
@Injectable()
export class RecordingActions {
  private readonly client = inject(AUSCULT_CLIENT);
  private readonly list = inject(RecordingsList);
  private readonly dialogs = inject(Dialogs);
  private readonly toasts = inject(Toasts);

  async rename(recording: RecordingView): Promise<void> {
    const before = recording.title;
    const after = await this.dialogs.prompt(askTitle(before, (title) => this.retitle(recording.id, title)));
    if (after === null || after === before) return;
    this.toasts.show('Renamed', { action: { label: 'Undo', run: () => void this.attempt(() => this.retitle(recording.id, before)) } });
  }

  async delete(recording: RecordingView): Promise<boolean> {
    if (!(await this.dialogs.confirm(askToDelete(recording.title)))) return false;
    return this.attempt(async () => {
      await this.client.recordings.delete(recording.id);
      this.list.remove(recording.id);
      this.toasts.show('Recording deleted', { icon: 'trash' });
    });
  }

  cancel(recording: RecordingView): Promise<boolean> {
    return this.attempt(async () => {
      this.list.accept(await this.client.recordings.cancel(recording.id));
      this.toasts.show('Transcription cancelled', {
        icon: 'stop',
        action: { label: 'Continue it', run: () => void this.retry(recording) },
      });
    });
  }

  /** Goes on after the last written words; a finished one is written or heard anew, and that is asked first. */
  async retry(recording: RecordingView): Promise<boolean> {
    const question = againQuestion(recording);
    if (question && !(await this.dialogs.confirm(question))) return false;
    return this.attempt(async () => this.list.accept(await this.client.recordings.retry(recording.id)));
  }

  private async retitle(id: string, title: string): Promise<void> {
    this.list.accept(await this.client.recordings.update(id, { title }));
  }

  /** False when it failed; then a message has said so, and the list is read again: the row may not be what was shown. */
  private async attempt(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      const message = problemMessage(error);
      this.toasts.show(message.title, { tone: 'danger', detail: message.advice });
      void this.list.read();
      return false;
    }
  }
}
