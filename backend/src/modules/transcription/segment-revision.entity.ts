import { randomUUID } from 'node:crypto';
import type { Word, WordTiming } from '@auscult/contracts';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { type Heard, type Stretch, wordsOutside } from './words-outside.js';

/** What of a segment a correction can change, and whose it is. */
export interface SegmentState {
  readonly id: string;
  readonly revision: number;
  readonly text: string;
  readonly words: readonly Word[];
  readonly wordTiming: WordTiming;
  readonly speakerId: string;
}

/** A state that a segment was in. Kept from the first correction on; nothing that was ever written is lost. */
@Entity({ tableName: 'segment_revision' })
export class SegmentRevision {
  @PrimaryKey({ type: 'uuid' })
  id!: string;

  @Property({ type: 'uuid' })
  segmentId!: string;

  @Property({ type: 'integer' })
  revision!: number;

  @Property({ type: 'text' })
  text!: string;

  @Property({ type: 'json' })
  words!: readonly Word[];

  @Property({ type: 'string' })
  wordTiming!: WordTiming;

  @Property({ type: 'uuid' })
  speakerId!: string;

  /** Who made this state; null is the recogniser. */
  @Property({ type: 'uuid', nullable: true })
  authorId: string | null = null;

  @Property({ type: 'datetime' })
  createdAt!: Date;

  static of(segment: SegmentState, authorId: string | null, createdAt: Date): SegmentRevision {
    const { id: segmentId, revision, text, words, wordTiming, speakerId } = segment;
    const fields = { segmentId, revision, text, words, wordTiming, speakerId, authorId, createdAt };
    return Object.assign(new SegmentRevision(), { id: randomUUID() }, fields);
  }

  /** Drops the words of a stretch that is off the record: they must not live on in the history. Answers whether there were any. */
  redact(heard: Heard, stretch: Stretch): boolean {
    const kept = wordsOutside(this, heard, stretch);
    if (!kept) return false;
    this.text = kept.text;
    this.words = kept.words;
    return true;
  }
}
