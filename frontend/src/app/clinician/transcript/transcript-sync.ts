import { DestroyRef, Injectable, inject } from '@angular/core';
import { ProblemError } from '@auscult/client';
import type { RecordingView, SegmentView } from '@auscult/contracts';
import { AUSCULT_CLIENT } from '../../core/auscult-client.token';
import { Realtime } from '../../core/realtime';
import { TranscriptStore, isWorking } from './transcript.store';

/** How long events may stay away before the page believes that some were lost, in ms: several batches of the worker. */
const GAP_PATIENCE_MS = 2_000;
/** First and longest pause before a failed reading is tried again, in ms. */
const RETRY_MS = 1_000;
const RETRY_MAX_MS = 15_000;

/** Keeps the store equal to the server's rows: reads them, applies events, and reads again when events may have been lost. */
@Injectable()
export class TranscriptSync {
  private readonly client = inject(AUSCULT_CLIENT);
  private readonly realtime = inject(Realtime);
  private readonly store = inject(TranscriptStore);
  private readonly destroyRef = inject(DestroyRef);
  private readonly abort = new AbortController();
  private id = '';
  private reading: Promise<void> | null = null;
  private readAgain = false;
  private readonly waiting: (() => void)[] = [];
  private failures = 0;
  private gapTimer: ReturnType<typeof setTimeout> | undefined;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  /** Words that the row counts and the page does not, after a full reading: they are no sign of lost events. */
  private acceptedShortfall = 0;
  /** It was being written when its rows were read. */
  private readWhileWorking = false;

  constructor() {
    this.destroyRef.onDestroy(() => {
      this.abort.abort();
      clearTimeout(this.gapTimer);
      clearTimeout(this.retryTimer);
    });
  }

  start(id: string): void {
    this.id = id;
    this.store.beginLoading();
    this.listen();
    const watch = this.realtime.watchTranscript(id, this.destroyRef);
    void this.read();
    watch.ready.then(
      () => void this.readWhatCameBefore(),
      () => undefined,
    );
  }

  /** While it is being written, something may have been said between the first reading and the watch, its last words among it. */
  private async readWhatCameBefore(): Promise<void> {
    await this.reading;
    if (this.readWhileWorking) await this.read();
  }

  /** Reads all rows; a call during a reading leads to one more after it. */
  read(): Promise<void> {
    if (this.reading) {
      this.readAgain = true;
      return this.reading;
    }
    clearTimeout(this.retryTimer);
    this.reading = this.readUntilCurrent();
    return this.reading;
  }

  /** Resolves when the rows are there as they are from now on, however often they have to be asked for; never when the page is left before. */
  rowsCome(): Promise<void> {
    const come = new Promise<void>((resolve) => this.waiting.push(resolve));
    void this.read();
    return come;
  }

  private async readUntilCurrent(): Promise<void> {
    let isRead: boolean;
    try {
      do {
        this.readAgain = false;
        isRead = await this.readOnce();
      } while (this.wantsMore());
    } finally {
      this.reading = null;
    }
    if (isRead) this.waiting.splice(0).forEach((resolve) => resolve());
  }

  private wantsMore(): boolean {
    return this.readAgain && !this.abort.signal.aborted;
  }

  private async readOnce(): Promise<boolean> {
    const { signal } = this.abort;
    this.store.readingBegins();
    try {
      // In this order: the row counts no words then that the lines do not have yet.
      const recording = await this.client.recordings.get(this.id, { signal });
      const transcript = await this.client.transcripts.get(this.id, { signal });
      this.failures = 0;
      if (!this.store.readingEnds(recording, transcript)) this.readAgain = true;
      this.readWhileWorking = isWorking(recording);
      this.acceptedShortfall = Math.max(0, recording.wordCount - this.store.wordCount());
      return true;
    } catch (error) {
      if (!signal.aborted) this.readingFailed(error);
      return false;
    }
  }

  private readingFailed(error: unknown): void {
    if (ProblemError.is(error, 'not-found')) {
      this.store.becomeGone(false);
      return;
    }
    this.store.readingFailed(error);
    // An empty page offers a button as well; the one of a session on air does not.
    this.failures += 1;
    this.retryTimer = setTimeout(() => void this.read(), Math.min(RETRY_MAX_MS, RETRY_MS * 2 ** this.failures));
  }

  private listen(): void {
    const { realtime, destroyRef, store } = this;
    const mine = (payload: { recordingId: string }): boolean => payload.recordingId === this.id;
    realtime.on('recording:changed', ({ recording }) => recording.id === this.id && this.recordingChanged(recording), destroyRef);
    realtime.on('recording:deleted', (payload) => mine(payload) && store.becomeGone(true), destroyRef);
    realtime.on('transcript:segments', (payload) => mine(payload) && this.segmentsCame(payload.segments), destroyRef);
    realtime.on('transcript:speakers', (payload) => mine(payload) && store.applySpeakers(payload.speakers), destroyRef);
    realtime.on('transcript:removed', (payload) => mine(payload) && this.segmentsWent(payload.segmentIds), destroyRef);
    realtime.on('transcript:reset', (payload) => mine(payload) && store.startAnew(), destroyRef);
    realtime.onConnect(() => void this.read(), destroyRef);
  }

  private segmentsCame(segments: readonly SegmentView[]): void {
    this.store.applySegments(segments);
    // Somebody speaks of whom nothing was heard yet: her own event was lost.
    if (segments.some(({ speakerId }) => !this.store.speakersById().has(speakerId))) this.expectSoon();
  }

  private segmentsWent(ids: readonly string[]): void {
    this.store.removeSegments(ids);
    if (this.reading) this.readAgain = true;
  }

  private recordingChanged(recording: RecordingView): void {
    this.store.applyRecording(recording);
    if (this.fallsShort()) this.expectSoon();
  }

  /** Gives the missing events a moment, then reads. */
  private expectSoon(): void {
    this.gapTimer ??= setTimeout(() => {
      this.gapTimer = undefined;
      if (this.fallsShort()) void this.read();
    }, GAP_PATIENCE_MS);
  }

  /** The row counts more words than the page shows, or a line has no speaker. */
  private fallsShort(): boolean {
    const counted = this.store.recording()?.wordCount ?? 0;
    return counted - this.store.wordCount() > this.acceptedShortfall || this.store.speakerIsMissing();
  }
}
