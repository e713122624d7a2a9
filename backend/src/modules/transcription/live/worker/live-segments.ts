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
 * person has corrected is not touched.
 */
export class LiveSegments {
  constructor(private readonly recordingId: string) {}

  async write(em: EntityManager, utterance: RecognizedUtterance, speakerId: string): Promise<Written> {
    const known = await this.find(em, utterance.index);
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
