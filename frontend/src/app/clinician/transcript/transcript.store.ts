import { Injectable, computed, signal } from '@angular/core';
import type { RecordingView, SegmentView, SpeakerView, TranscriptView } from '@auscult/contracts';
import { countWords, keepUnchanged, mergeSegments } from './segment-merge';

/** `gone`: deleted, or never there. */
export type LoadState = { kind: 'loading' } | { kind: 'ready' } | { kind: 'failed'; error: unknown } | { kind: 'gone'; deletedNow: boolean };

interface Arrivals {
  segments: SegmentView[];
  /** Off the record: the answer may still hold them. */
  removed: Set<string>;
  startedAnew: boolean;
  recording?: RecordingView;
  speakers?: readonly SpeakerView[];
}

/** It is being written, or will be. */
export function isWorking(recording: RecordingView | null): boolean {
  return ['live', 'queued', 'transcribing'].includes(recording?.status ?? '');
}

/** On air, over, written: a session only goes on. An answer that says less was overtaken by an event. */
function isOlder(recording: RecordingView, known: RecordingView | null): boolean {
  return known?.id === recording.id && stageOf(recording) < stageOf(known);
}

function stageOf({ status, live }: RecordingView): number {
  if (status !== 'live') return 2;
  return live?.finishing ? 1 : 0;
}

/**
 * One recording and its transcript, as the server's rows last said, with events applied on top. Only the page's own services
 * write to it.
 */
@Injectable()
export class TranscriptStore {
  private readonly state = signal<LoadState>({ kind: 'loading' });
  private readonly recordingRow = signal<RecordingView | null>(null);
  private readonly speakerRows = signal<readonly SpeakerView[]>([]);
  private readonly segmentRows = signal<readonly SegmentView[]>([]);
  private readonly engineName = signal<string | null>(null);
  /** What arrived while a reading is under way; null while none is. */
  private arrivals: Arrivals | null = null;

  readonly loadState = this.state.asReadonly();
  readonly recording = this.recordingRow.asReadonly();
  readonly speakers = this.speakerRows.asReadonly();
  readonly segments = this.segmentRows.asReadonly();
  readonly engine = this.engineName.asReadonly();
  readonly wordCount = computed(() => countWords(this.segmentRows()));
  readonly live = computed(() => this.recordingRow()?.status === 'live');
  readonly working = computed(() => isWorking(this.recordingRow()));
  readonly speakersById = computed(() => new Map(this.speakerRows().map((speaker) => [speaker.id, speaker])));
  readonly speakerIsMissing = computed(() => this.segmentRows().some(({ speakerId }) => !this.speakersById().has(speakerId)));
  private readonly segmentsById = computed(() => new Map(this.segmentRows().map((segment) => [segment.id, segment])));

  segment(id: string): SegmentView | undefined {
    return this.segmentsById().get(id);
  }

  /** Call before the rows are asked for: events that arrive meanwhile are newer than the answer. */
  readingBegins(): void {
    this.arrivals = { segments: [], removed: new Set(), startedAnew: false };
  }

  /** False when the transcript started anew meanwhile: then the answer is of the old one and has to be asked for again. */
  readingEnds(recording: RecordingView, transcript: TranscriptView): boolean {
    const arrivals = this.arrivals;
    this.arrivals = null;
    if (arrivals?.startedAnew) return false;
    if (this.isGone()) return true;
    this.keepRecording(arrivals?.recording ?? recording);
    this.engineName.set(transcript.engine);
    this.speakerRows.set(arrivals?.speakers ?? transcript.speakers);
    const read = mergeSegments(transcript.segments, arrivals?.segments ?? []).filter(({ id }) => !arrivals?.removed.has(id));
    this.segmentRows.update((known) => keepUnchanged(known, read));
    this.state.set({ kind: 'ready' });
    return true;
  }

  readingFailed(error: unknown): void {
    this.arrivals = null;
    if (this.state().kind === 'loading' || this.state().kind === 'failed') this.state.set({ kind: 'failed', error });
  }

  beginLoading(): void {
    this.state.set({ kind: 'loading' });
    this.recordingRow.set(null);
    this.speakerRows.set([]);
    this.segmentRows.set([]);
  }

  /** For good: nothing of it stays on the page, and what is told late of it is not put back. */
  becomeGone(deletedNow: boolean): void {
    this.beginLoading();
    this.state.set({ kind: 'gone', deletedNow });
  }

  applyRecording(recording: RecordingView): void {
    if (this.isGone()) return;
    if (this.arrivals && !isOlder(recording, this.recordingRow())) this.arrivals.recording = recording;
    this.keepRecording(recording);
  }

  applySegments(segments: readonly SegmentView[]): void {
    if (this.isGone()) return;
    this.arrivals?.segments.push(...segments);
    this.segmentRows.update((known) => mergeSegments(known, segments));
  }

  /** They are off the record. An answer under way is older: read again after it. */
  removeSegments(ids: readonly string[]): void {
    const gone = new Set(ids);
    for (const id of ids) this.arrivals?.removed.add(id);
    this.segmentRows.update((known) => known.filter(({ id }) => !gone.has(id)));
  }

  /** Puts one segment in whatever its revision: shows an edit before the server has it, and takes it back when it fails. */
  replaceSegment(segment: SegmentView): void {
    this.segmentRows.update((known) => known.map((before) => (before.id === segment.id ? segment : before)));
  }

  applySpeakers(speakers: readonly SpeakerView[]): void {
    const inOrder = [...speakers].sort((one, other) => one.position - other.position);
    if (this.arrivals) this.arrivals.speakers = inOrder;
    this.speakerRows.set(inOrder);
  }

  applySpeaker(speaker: SpeakerView): void {
    this.applySpeakers([...this.speakerRows().filter(({ id }) => id !== speaker.id), speaker]);
  }

  startAnew(): void {
    if (this.arrivals) this.arrivals = { ...this.arrivals, segments: [], startedAnew: true };
    this.segmentRows.set([]);
  }

  private isGone(): boolean {
    return this.state().kind === 'gone';
  }

  private keepRecording(recording: RecordingView): void {
    this.recordingRow.update((known) => (isOlder(recording, known) ? known : recording));
  }
}
