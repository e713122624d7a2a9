import { Injectable, computed, inject, signal } from '@angular/core';
import { ProblemError } from '@auscult/client';
import type { SegmentView, SpeakerView } from '@auscult/contracts';
import { AUSCULT_CLIENT } from '../../core/auscult-client.token';
import { EditHistory } from './edit-history';
import { overlaps, type Span } from './span';
import { TranscriptStore } from './transcript.store';
import { TranscriptSync } from './transcript-sync';

/** What a correction changes: the text, the speaker or both. */
export type Correction = Partial<Pick<SegmentView, 'text' | 'speakerId'>>;

/** A correction that the server did not take: its author's words are kept until she decides. */
export interface Unsaved {
  segmentId: string;
  /** Where its author saw the line. */
  place: Span;
  mine: Correction;
  /** `conflict`: the segment was changed elsewhere, the store holds that state; otherwise what went wrong. */
  reason: 'conflict' | { error: unknown };
}

/** `given-up`: its line went off the record meanwhile, and it was not taken. */
export type Outcome = 'saved' | 'unchanged' | 'conflict' | 'failed' | 'given-up';

/** Where a line was seen, and how much had gone off the record by then. */
interface Sight {
  place: Span;
  forgotten: number;
}

/** Corrections by the server's revisions, one after another, shown at once and taken back when they fail; undo and redo. */
@Injectable()
export class TranscriptEdits {
  private readonly client = inject(AUSCULT_CLIENT);
  private readonly store = inject(TranscriptStore);
  private readonly sync = inject(TranscriptSync);
  private readonly unsavedBySegment = signal<ReadonlyMap<string, Unsaved>>(new Map());
  /** What this page's own corrections made of a segment's revision: `segment:revision` to the next one. */
  private readonly ownSteps = new Map<string, number>();
  /** What went off the record since the page was opened. */
  private readonly forgotten: Span[] = [];
  private queue: Promise<unknown> = Promise.resolve();
  private running = 0;

  readonly history = new EditHistory();
  readonly unsaved = this.unsavedBySegment.asReadonly();
  /** Words among them that their author can still decide about: their lines are there. */
  readonly unsavedTexts = computed(() => {
    if (this.store.loadState().kind === 'gone') return [];
    return [...this.unsavedBySegment().values()].filter(({ segmentId, mine }) => mine.text !== undefined && this.store.segment(segmentId));
  });

  /** Something is being saved or waits for its turn. */
  get busy(): boolean {
    return this.running > 0;
  }

  /** Resolves when nothing is being saved any more, however it ended. */
  async settled(): Promise<void> {
    while (this.busy) await this.queue;
  }

  /** `seenRevision`: what the author saw when she began; a newer one is a conflict and not overwritten, unless it is her own. */
  correct(segmentId: string, wanted: Correction, label: string, seenRevision?: number): Promise<Outcome> {
    const seen = this.sight(segmentId);
    return this.inTurn(async () => {
      const before = this.store.segment(segmentId);
      if (!before || isSame(before, wanted)) return 'unchanged';
      const expected = this.afterOwnSteps(segmentId, seenRevision ?? before.revision);
      const outcome = await this.save(before, wanted, expected, seen);
      if (outcome === 'saved') this.remember(before, wanted, { label, expected });
      return outcome;
    });
  }

  /** After a conflict or failure: sends my words over what is there now. */
  saveMine(segmentId: string): Promise<Outcome> {
    const unsaved = this.unsavedBySegment().get(segmentId);
    this.discardMine(segmentId);
    return unsaved ? this.correct(segmentId, unsaved.mine, 'Text corrected') : Promise.resolve('unchanged');
  }

  discardMine(segmentId: string): void {
    this.unsavedBySegment.update((known) => new Map([...known].filter(([id]) => id !== segmentId)));
  }

  /** Of lines there no refused words are kept any more, nor those that are under way, should they be refused. Answers how many were. */
  forget(span: Span): number {
    this.forgotten.push(span);
    // Of those too whose line is gone whole.
    const gone = [...this.unsavedBySegment().values()].filter(({ mine, place }) => mine.text !== undefined && overlaps(place, span));
    gone.forEach(({ segmentId }) => this.discardMine(segmentId));
    return gone.length;
  }

  async renameSpeaker(speaker: SpeakerView, name: string): Promise<void> {
    const wanted = name.trim();
    if (wanted === '' || wanted === speaker.name) return;
    const rename = (to: string): Promise<boolean> =>
      this.inTurn(async () => {
        this.store.applySpeaker(await this.client.transcripts.renameSpeaker(this.recordingId, speaker.id, { name: to }));
        return true;
      });
    await rename(wanted);
    this.history.add({ label: `${speaker.name} is now ${wanted}`, undo: () => rename(speaker.name), redo: () => rename(wanted) });
  }

  addSpeaker(name: string): Promise<SpeakerView> {
    return this.inTurn(async () => {
      const speaker = await this.client.transcripts.addSpeaker(this.recordingId, { name });
      this.store.applySpeaker(speaker);
      return speaker;
    });
  }

  private get recordingId(): string {
    return this.store.recording()?.id ?? '';
  }

  private remember(before: SegmentView, wanted: Correction, { label, expected }: { label: string; expected: number }): void {
    const back: Correction = {
      ...(wanted.text === undefined ? {} : { text: before.text }),
      ...(wanted.speakerId === undefined ? {} : { speakerId: before.speakerId }),
    };
    const apply = (from: Correction, to: Correction) => () => this.inTurn(() => this.reapply({ id: before.id, revision: expected }, from, to));
    this.history.add({ label, undo: apply(wanted, back), redo: apply(back, wanted) });
  }

  /**
   * Goes from one state to the other; not when somebody else has changed the segment since that revision, were it only its history: words
   * that went off the record would come back.
   */
  private async reapply({ id, revision }: { id: string; revision: number }, from: Correction, to: Correction): Promise<boolean> {
    const segment = this.store.segment(id);
    if (!segment || !isSame(segment, from) || segment.revision !== this.afterOwnSteps(id, revision)) return false;
    return (await this.save(segment, to, segment.revision, this.sight(id))) === 'saved';
  }

  private async save(before: SegmentView, wanted: Correction, expectedRevision: number, seen: Sight): Promise<Outcome> {
    const shown: SegmentView = { ...before, ...wanted };
    this.store.replaceSegment(shown);
    try {
      const saved = await this.client.transcripts.correct(this.recordingId, before.id, { ...wanted, expectedRevision });
      // The same again where the server had these words already.
      if (saved.revision > expectedRevision) this.ownSteps.set(stepOf(before.id, expectedRevision), saved.revision);
      this.store.applySegments([saved]);
      return 'saved';
    } catch (error) {
      if (this.store.segment(before.id) === shown) this.store.replaceSegment(before);
      const conflict = ProblemError.is(error, 'conflict');
      if (conflict) await this.sync.read();
      if (this.isForgotten(seen)) return 'given-up';
      this.keepMine({ segmentId: before.id, place: seen.place, mine: wanted, reason: conflict ? 'conflict' : { error } });
      return conflict ? 'conflict' : 'failed';
    }
  }

  private sight(segmentId: string): Sight {
    const { startMs = 0, endMs = 0 } = this.store.segment(segmentId) ?? {};
    return { place: { startMs, endMs }, forgotten: this.forgotten.length };
  }

  /** Its line went off the record after its author had seen it. */
  private isForgotten({ place, forgotten }: Sight): boolean {
    return this.forgotten.slice(forgotten).some((span) => overlaps(place, span));
  }

  /** A line is often opened again before its last correction is saved. */
  private afterOwnSteps(segmentId: string, revision: number): number {
    const next = this.ownSteps.get(stepOf(segmentId, revision));
    return next === undefined ? revision : this.afterOwnSteps(segmentId, next);
  }

  private keepMine(unsaved: Unsaved): void {
    this.unsavedBySegment.update((known) => new Map(known).set(unsaved.segmentId, unsaved));
  }

  /** One edit at a time: each one needs the revision that the one before it made. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    this.running += 1;
    const result = this.queue.then(work).finally(() => (this.running -= 1));
    this.queue = result.catch(() => undefined);
    return result;
  }
}

const stepOf = (segmentId: string, revision: number): string => `${segmentId}:${revision}`;

function isSame(segment: SegmentView, wanted: Correction): boolean {
  return (wanted.text ?? segment.text) === segment.text && (wanted.speakerId ?? segment.speakerId) === segment.speakerId;
}
