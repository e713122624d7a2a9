import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { type RecognizedUtterance, Segment } from '../../segment.entity.js';

interface Written {
  /** The row when it is new or says something else now. */
  changed: Segment | null;
  removed: string | null;
  /** Words of the row as it stands. */
  words: number;
}

/**
 * The segments of one live session, by the number of their utterance: what is heard again after a take-over finds its row. What a
 * person has corrected is not touched, and where it was set aside it is not written a second time.
 */
export class LiveSegments {
  constructor(private readonly recordingId: string) {}

  async write(em: EntityManager, heard: RecognizedUtterance, speakerId: string): Promise<Written> {
    const known = await this.find(em, heard.index);
    const utterance = await this.withoutSetAside(em, heard);
    if (!known) return this.insert(em, utterance, speakerId);
    if (known.revision > 0) return { changed: null, removed: null, words: known.words.length };
    if (utterance.text === '') {
      em.remove(known);
      return { changed: null, removed: known.id, words: 0 };
    }
    const changed = known.recognizedAnew(utterance) ? known : null;
    return { changed, removed: null, words: known.words.length };
  }

  async settle(em: EntityManager, utterances: readonly RecognizedUtterance[], speakerId: string): Promise<{ changed: Segment[]; removed: string[]; words: number }> {
    const changed: Segment[] = [];
    const removed: string[] = [];
    let words = 0;
    for (const utterance of utterances) {
      const written = await this.write(em, utterance, speakerId);
      if (written.changed) changed.push(written.changed);
      if (written.removed) removed.push(written.removed);
      words += written.words;
    }
    return { changed, removed, words };
  }

  /** The rows as they stand, to be told once more. */
  async present(em: EntityManager, utterances: readonly RecognizedUtterance[]): Promise<{ changed: Segment[]; removed: string[] }> {
    const utteranceIndex = { $in: utterances.map(({ index }) => index) };
    return { changed: await em.find(Segment, { recordingId: this.recordingId, utteranceIndex }), removed: [] };
  }

  /** Words in all segments. */
  async words(em: EntityManager): Promise<number> {
    await em.flush();
    const [row] = await em.execute<{ words: string | null }[]>(
      'select sum(jsonb_array_length(words)) words from segment where recording_id = ?', [this.recordingId],
    );
    return Number(row?.words ?? 0);
  }

  /** Words in the middle of what was set aside are that, heard again; all others are new. */
  private async withoutSetAside(em: EntityManager, utterance: RecognizedUtterance): Promise<RecognizedUtterance> {
    const { channel, startMs, endMs } = utterance;
    const where = { recordingId: this.recordingId, channel, utteranceIndex: { $lt: 0 }, startMs: { $lt: endMs }, endMs: { $gt: startMs } };
    const setAside = await em.find(Segment, where);
    if (setAside.length === 0) return utterance;
    const isSaid = (ms: number) => setAside.some((segment) => segment.startMs <= ms && ms < segment.endMs);
    const words = utterance.words.filter((word) => !isSaid((word.startMs + word.endMs) / 2));
    return { ...utterance, words, text: words.map(({ text }) => text).join(' ') };
  }

  private insert(em: EntityManager, utterance: RecognizedUtterance, speakerId: string): Written {
    if (utterance.text === '') return { changed: null, removed: null, words: 0 };
    const segment = Segment.recognized(this.recordingId, speakerId, utterance, new Date());
    em.persist(segment);
    return { changed: segment, removed: null, words: segment.words.length };
  }

  private find(em: EntityManager, utteranceIndex: number): Promise<Segment | null> {
    return em.findOne(Segment, { recordingId: this.recordingId, utteranceIndex }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
  }
}
