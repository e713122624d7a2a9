import { Injectable, inject } from '@angular/core';
import type { SegmentRevisionView, SegmentView } from '@auscult/contracts';
import { Dialogs, HistoryDialogComponent, Toasts, clock, placedWords, wordAtOffset, type HistoryRequest, type ToastOptions } from '@auscult/ui';
import { AUSCULT_CLIENT } from '../../core/auscult-client.token';
import { problemMessage, problemSentence } from '../../core/problem-message';
import { AudioPlayer } from './audio-player';
import type { Step } from './edit-history';
import { LineFocus } from './line-focus';
import { tellGivenUp } from './off-record-words';
import { PlaybackFollow } from './playback-follow';
import { TranscriptCommands } from './transcript-commands';
import { TranscriptEdits, type Correction } from './transcript-edits';
import { TranscriptStore } from './transcript.store';

/** What can be done with one line. */
@Injectable()
export class LineActions {
  private readonly client = inject(AUSCULT_CLIENT);
  private readonly store = inject(TranscriptStore);
  private readonly edits = inject(TranscriptEdits);
  private readonly player = inject(AudioPlayer);
  private readonly follow = inject(PlaybackFollow);
  private readonly lines = inject(LineFocus);
  private readonly commands = inject(TranscriptCommands);
  private readonly toasts = inject(Toasts);
  private readonly dialogs = inject(Dialogs);
  private message = 0;

  /** To the word at a character of the text, or to the line's start. */
  playFrom(segment: SegmentView, offset: number | null): void {
    const word = offset === null ? undefined : wordAtOffset(placedWords(segment), offset);
    this.player.seek(word?.startMs ?? segment.startMs);
    this.follow.sought();
  }

  async saveText(segment: SegmentView, text: string, seenRevision: number): Promise<void> {
    this.edits.discardMine(segment.id);
    await this.correct(segment, { text }, { label: 'Text corrected', seenRevision });
  }

  async giveTo(segment: SegmentView, speakerId: string): Promise<void> {
    const name = this.store.speakersById().get(speakerId)?.name ?? 'another speaker';
    await this.correct(segment, { speakerId }, { label: `Now spoken by ${name}` });
  }

  /** The speaker with this number in the order of appearance, from 1. */
  async giveToNumber(segment: SegmentView, number: number): Promise<void> {
    const speaker = this.store.speakers()[number - 1];
    if (speaker) await this.giveTo(segment, speaker.id);
  }

  async giveToNew(segment: SegmentView): Promise<void> {
    const speaker = await this.commands.askSpeakerName((name) => this.edits.addSpeaker(name));
    if (speaker) await this.giveTo(segment, speaker.id);
  }

  copy(segment: SegmentView): void {
    this.commands.copySegment(segment);
  }

  async renameSpeaker(speakerId: string, name: string): Promise<void> {
    const speaker = this.store.speakersById().get(speakerId);
    if (!speaker) return;
    try {
      await this.edits.renameSpeaker(speaker, name);
      this.offerUndo(`${speaker.name} is now ${name}`);
    } catch (error) {
      const message = problemMessage(error);
      this.toasts.show(message.title, { tone: 'danger', detail: message.advice });
    }
  }

  async showHistory(segment: SegmentView): Promise<void> {
    const titleId = `history-${segment.id}`;
    const request: HistoryRequest = {
      titleId,
      time: clock(segment.startMs),
      revision: () => this.store.segment(segment.id)?.revision ?? null,
      load: async () => (await this.client.transcripts.history(this.store.recording()?.id ?? '', segment.id)).revisions,
      speakerName: (id) => this.store.speakersById().get(id)?.name ?? 'Speaker',
      explain: problemSentence,
    };
    const chosen = await this.dialogs.open<SegmentRevisionView, HistoryRequest>(HistoryDialogComponent, { labelledBy: titleId, data: request });
    const seenRevision = request.revision() ?? undefined;
    if (chosen) await this.correct(segment, { text: chosen.text, speakerId: chosen.speakerId }, { label: 'Earlier text restored', seenRevision });
  }

  async undo(): Promise<void> {
    const step = await this.attempt(() => this.edits.history.undo());
    if (step === 'impossible') this.cannot('undone');
    else if (step !== 'nothing') this.say(`Undone: ${step.label}`, { icon: 'undo', action: { label: 'Redo', run: () => void this.redo() } });
  }

  async redo(): Promise<void> {
    const step = await this.attempt(() => this.edits.history.redo());
    if (step === 'impossible') this.cannot('redone');
    else if (step !== 'nothing') this.offerUndo(step.label);
  }

  /** A rename that the server does not take rejects; corrections answer it. */
  private attempt(step: () => Promise<Step>): Promise<Step> {
    return step().catch(() => 'impossible');
  }

  private async correct(segment: SegmentView, wanted: Correction, how: { label: string; seenRevision?: number }): Promise<void> {
    const outcome = await this.edits.correct(segment.id, wanted, how.label, how.seenRevision);
    if (outcome === 'saved') this.offerUndo(how.label);
    // A refused speaker has nothing worth keeping; refused words stand in the line until their author decides.
    if ((outcome === 'failed' || outcome === 'conflict') && wanted.text === undefined) {
      this.edits.discardMine(segment.id);
      this.toasts.show('The speaker was not changed', { tone: 'danger', detail: 'Check the connection and try again.' });
    }
    if (outcome === 'given-up' && wanted.text !== undefined) tellGivenUp(this.toasts, 1);
    if (outcome === 'unchanged') this.lines.remember(segment.id);
  }

  private offerUndo(text: string): void {
    this.say(text, { icon: 'check', action: { label: 'Undo', run: () => void this.undo() } });
  }

  /** One such message at a time: only the last change can be taken back. */
  private say(text: string, options: ToastOptions): void {
    const before = this.toasts.shown().find(({ id }) => id === this.message);
    if (before) this.toasts.dismiss(before);
    this.message = this.toasts.show(text, options);
  }

  private cannot(what: string): void {
    this.toasts.show(`This cannot be ${what}`, { tone: 'danger', detail: 'The line was changed in the meantime, or the server cannot be reached.' });
  }
}
