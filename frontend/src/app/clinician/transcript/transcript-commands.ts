import { Clipboard } from '@angular/cdk/clipboard';
import { DOCUMENT, Injectable, inject, signal } from '@angular/core';
import { Router } from '@angular/router';
import { ProblemError } from '@auscult/client';
import type { ExportFormat, RecordingView, SegmentView, SpeakerView } from '@auscult/contracts';
import { Dialogs, Toasts } from '@auscult/ui';
import { AUSCULT_CLIENT } from '../../core/auscult-client.token';
import { problemMessage, problemSentence } from '../../core/problem-message';
import { askTitle, askToDelete } from '../recordings/recording-questions';
import { againQuestion } from '../recordings/transcribe-again';
import { fileNameOf, saveBlob, saveFile } from './save-file';
import { segmentText, transcriptText } from './transcript-text';
import { TranscriptStore } from './transcript.store';

/** What can be done with the whole recording; each ends in a changed page, a message or both. */
@Injectable()
export class TranscriptCommands {
  private readonly client = inject(AUSCULT_CLIENT);
  private readonly store = inject(TranscriptStore);
  private readonly dialogs = inject(Dialogs);
  private readonly toasts = inject(Toasts);
  private readonly router = inject(Router);
  private readonly document = inject(DOCUMENT);
  private readonly clipboard = inject(Clipboard);
  private readonly runningExport = signal(false);
  readonly exporting = this.runningExport.asReadonly();

  async rename(recording: RecordingView): Promise<void> {
    await this.dialogs.prompt(askTitle(recording.title, async (title) => this.store.applyRecording(await this.client.recordings.update(recording.id, { title }))));
  }

  cancel(recording: RecordingView): Promise<void> {
    return this.attempt(async () => this.store.applyRecording(await this.client.recordings.cancel(recording.id)));
  }

  /** Of a live session that is recorded elsewhere. It ends there as well, so it is asked. */
  async finish(recording: RecordingView): Promise<void> {
    const agreed = await this.dialogs.confirm({
      title: 'Finish the session from here?',
      text: 'Recording stops on the other device. What it could not send until now becomes a recording of its own, as soon as that device is back.',
      confirmLabel: 'Finish the session',
      danger: true,
    });
    if (agreed) await this.attempt(async () => this.store.applyRecording(await this.client.recordings.finish(recording.id)));
  }

  /** Goes on after the last written words; a finished one is written or heard anew, and that is asked first. */
  async retry(recording: RecordingView): Promise<void> {
    const question = this.store.segments().length > 0 ? againQuestion(recording) : null;
    if (question && !(await this.dialogs.confirm(question))) return;
    await this.attempt(async () => this.store.applyRecording(await this.client.recordings.retry(recording.id)));
  }

  async delete(recording: RecordingView): Promise<void> {
    if (!(await this.dialogs.confirm(askToDelete(recording.title)))) return;
    await this.attempt(async () => {
      await this.client.recordings.delete(recording.id).catch(goneIsGood);
      // Before the page is left: of a deleted recording there are no corrections to be lost.
      this.store.becomeGone(true);
      this.toasts.show('Recording deleted', { icon: 'trash' });
      await this.router.navigateByUrl('/recordings');
    });
  }

  async export(recording: RecordingView, format: ExportFormat): Promise<void> {
    this.runningExport.set(true);
    await this.attempt(async () => {
      const file = await this.client.transcripts.export(recording.id, format);
      saveBlob(this.document, file.blob, file.fileName ?? fileNameOf(recording.title, format));
    });
    this.runningExport.set(false);
  }

  downloadAudio(recording: RecordingView): Promise<void> {
    return this.attempt(async () => {
      const { url } = await this.client.recordings.audioLink(recording.id, 'attachment');
      saveFile(this.document, { url, fileName: '' });
    });
  }

  copyAll(): void {
    const text = transcriptText(this.store.segments(), this.store.speakersById());
    this.said(this.clipboard.copy(text), 'Transcript copied');
  }

  copySegment(segment: SegmentView): void {
    this.said(this.clipboard.copy(segmentText(segment, this.store.speakersById())), 'Line copied');
  }

  /** A new speaker's name; null when it was given up. */
  async askSpeakerName(add: (name: string) => Promise<SpeakerView>): Promise<SpeakerView | null> {
    let added: SpeakerView | null = null;
    await this.dialogs.prompt({
      title: 'Add a speaker',
      label: 'Name',
      value: '',
      confirmLabel: 'Add',
      maxLength: 80,
      save: async (name) => {
        added = await add(name);
      },
      explain: problemSentence,
    });
    return added;
  }

  private said(done: boolean, text: string): void {
    if (done) this.toasts.show(text, { icon: 'copy' });
    else this.toasts.show('Nothing was copied', { tone: 'danger', detail: 'The browser did not allow it. Use Export instead.' });
  }

  private async attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const message = problemMessage(error);
      this.toasts.show(message.title, { tone: 'danger', detail: message.advice });
    }
  }
}

function goneIsGood(error: unknown): void {
  if (!ProblemError.is(error, 'not-found')) throw error;
}
