import { randomUUID } from 'node:crypto';
import type { Word, WordTiming } from '@auscult/contracts';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { ProblemError } from '../../platform/http/index.js';
import { retimeWords } from './retime-words.js';
import { SegmentRevision } from './segment-revision.entity.js';
import { type Stretch, wordsOutside } from './words-outside.js';

export interface RecognizedUtterance {
  index: number;
  channel: number;
  startMs: number;
  endMs: number;
  text: string;
  words: readonly Word[];
  wordTiming: WordTiming;
}

/** What a second hearing of the whole recording says where the segment stands. */
export type HeardAnew = Pick<RecognizedUtterance, 'text' | 'words' | 'wordTiming'>;

export interface Correction {
  expectedRevision: number;
  text?: string | undefined;
  speakerId?: string | undefined;
}

/** What one speaker said without a longer pause. */
@Entity({ tableName: 'segment' })
export class Segment {
  @PrimaryKey({ type: 'uuid' })
  id!: string;

  @Property({ type: 'uuid' })
  recordingId!: string;

  /** Number of the utterance in the audio: the same in every run, so that none is saved twice. Below zero: it has none any more. */
  @Property({ type: 'integer' })
  utteranceIndex!: number;

  /** Where it was heard, whoever it is assigned to now. */
  @Property({ type: 'integer' })
  channel!: number;

  @Property({ type: 'uuid' })
  speakerId!: string;

  @Property({ type: 'integer' })
  startMs!: number;

  @Property({ type: 'integer' })
  endMs!: number;

  @Property({ type: 'text' })
  text!: string;

  @Property({ type: 'json' })
  words!: readonly Word[];

  @Property({ type: 'string' })
  wordTiming!: WordTiming;

  @Property({ type: 'integer' })
  revision = 0;

  @Property({ type: 'datetime', nullable: true })
  correctedAt: Date | null = null;

  @Property({ type: 'datetime' })
  createdAt!: Date;

  static recognized(recordingId: string, speakerId: string, utterance: RecognizedUtterance, now: Date): Segment {
    const { index, channel, startMs, endMs, text, words, wordTiming } = utterance;
    const fields = { recordingId, speakerId, utteranceIndex: index, channel, startMs, endMs, text, words, wordTiming };
    return Object.assign(new Segment(), fields, { id: randomUUID(), createdAt: now });
  }

  /** The recogniser has heard it again, with more around it; call it only before the first correction. Words that are the same stay, so that no row is written for them. */
  recognizedAnew({ startMs, endMs, text, words, wordTiming }: RecognizedUtterance): void {
    Object.assign(this, { startMs, endMs, text, wordTiming, words: areSame(words, this.words) ? this.words : words });
  }

  /**
   * The whole recording was heard once more, perhaps cut otherwise; the segment keeps its place. Estimated times are estimated anew within it.
   * Answers whether that changed anything; nothing does that a person has corrected.
   */
  heardAgain({ text, words, wordTiming }: HeardAnew): boolean {
    if (this.revision > 0 || text === this.text) return false;
    this.words = wordTiming === 'engine' ? words : retimeWords(this.words, text, this.startMs, this.endMs);
    this.wordTiming = wordTiming;
    this.text = text;
    return true;
  }

  /**
   * Changes text, speaker or both, and answers the states to keep: the recogniser's own before the first change, and the new
   * one. No state when nothing differs. A text that stood here before (`earlier`) gets its word times back.
   * @throws ProblemError `conflict` when the editor saw another revision
   */
  correct(correction: Correction, authorId: string, earlier: readonly SegmentRevision[], now: Date): SegmentRevision[] {
    if (correction.expectedRevision !== this.revision) throw new ProblemError('conflict');
    const text = correction.text ?? this.text;
    const speakerId = correction.speakerId ?? this.speakerId;
    if (text === this.text && speakerId === this.speakerId) return [];
    const kept = this.revision === 0 ? [SegmentRevision.of(this, null, this.createdAt)] : [];
    if (text !== this.text) this.replaceText(text, [...kept, ...earlier]);
    this.speakerId = speakerId;
    this.revision += 1;
    this.correctedAt = now;
    return [...kept, SegmentRevision.of(this, authorId, now)];
  }

  /**
   * Drops the words of a stretch that is off the record, also from the states before (`earlier`, all of them); an end that lies in it moves to its border. Answers
   * the state to keep, `gone` when nothing is left and the row must go, or `untouched`. Where only a state before had such words it is a new state all
   * the same: an editor that still knows them then sees a conflict and cannot write them back.
   */
  redact(stretch: Stretch, earlier: readonly SegmentRevision[], now: Date): SegmentRevision | 'gone' | 'untouched' {
    if (this.startMs >= stretch.fromMs && this.endMs <= stretch.untilMs) return 'gone';
    const hadWords = earlier.map((state) => state.redact(this, stretch)).includes(true);
    const kept = wordsOutside(this, this, stretch);
    if (!kept && !hadWords) return 'untouched';
    if (kept?.words.length === 0) return 'gone';
    if (this.startMs >= stretch.fromMs) this.startMs = stretch.untilMs;
    if (this.endMs <= stretch.untilMs) this.endMs = stretch.fromMs;
    Object.assign(this, kept);
    this.revision += 1;
    return SegmentRevision.of(this, null, now);
  }

  /**
   * What lies after the checkpoint will be heard and numbered anew: what a person has corrected keeps its words and gives up its number,
   * so that nothing else is taken for it.
   */
  setAside(index: number): void {
    if (this.revision === 0 || index >= 0) throw new Error('Only what was corrected is set aside');
    this.utteranceIndex = index;
  }

  private replaceText(text: string, earlier: readonly SegmentRevision[]): void {
    const same = earlier.find((state) => state.text === text);
    this.words = same?.words ?? retimeWords(this.words, text, this.startMs, this.endMs);
    this.wordTiming = same?.wordTiming ?? 'estimated';
    this.text = text;
  }
}

const areSame = (some: readonly Word[], others: readonly Word[]): boolean =>
  some.length === others.length && some.every(({ text, startMs, endMs }, i) => text === others[i]?.text && startMs === others[i].startMs && endMs === others[i].endMs);
