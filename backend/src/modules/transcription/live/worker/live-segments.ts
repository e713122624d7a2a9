import { type FilterQuery, LockMode } from '@mikro-orm/core';
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
    return this.writeInto(await this.rowsOf(em, [heard]), em, heard, speakerId);
  }

  /** The usual case of `write`, at two thirds of its cost: nothing of this utterance stands there and nothing was set aside. Null when something does. */
  async insertNew(em: EntityManager, utterance: RecognizedUtterance, speakerId: string): Promise<Segment | null> {
    if (utterance.text === '' || (await em.count(Segment, this.placeOf([utterance]))) > 0) return null;
    const segment = Segment.recognized(this.recordingId, speakerId, utterance, new Date());
    await em.insert(segment);
    return segment;
  }

  async settle(em: EntityManager, utterances: readonly RecognizedUtterance[], speakerId: string): Promise<{ changed: Segment[]; removed: string[]; words: number }> {
    const rows = await this.rowsOf(em, utterances);
    const written = utterances.map((utterance) => this.writeInto(rows, em, utterance, speakerId));
    return {
      changed: written.flatMap(({ changed }) => changed ?? []),
      removed: written.flatMap(({ removed }) => removed ?? []),
      words: written.reduce((sum, { words }) => sum + words, 0),
    };
  }

  private writeInto(rows: readonly Segment[], em: EntityManager, heard: RecognizedUtterance, speakerId: string): Written {
    const known = rows.find(({ utteranceIndex }) => utteranceIndex === heard.index);
    const utterance = withoutSetAside(rows, heard);
    if (!known) return this.insert(em, utterance, speakerId);
    if (known.revision > 0) return { changed: null, removed: null, words: known.words.length };
    if (utterance.text === '') {
      em.remove(known);
      return { changed: null, removed: known.id, words: 0 };
    }
    const changed = known.recognizedAnew(utterance) ? known : null;
    return { changed, removed: null, words: known.words.length };
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

  /** What stands in the place of these utterances, locked. */
  private async rowsOf(em: EntityManager, utterances: readonly RecognizedUtterance[]): Promise<Segment[]> {
    if (utterances.length === 0) return [];
    return em.find(Segment, this.placeOf(utterances), { orderBy: { utteranceIndex: 'asc' }, lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
  }

  /** The rows of these utterances, which are of one channel, and what was set aside where they were said. */
  private placeOf(utterances: readonly RecognizedUtterance[]): FilterQuery<Segment> {
    const startMs = Math.min(...utterances.map((utterance) => utterance.startMs));
    const endMs = Math.max(...utterances.map((utterance) => utterance.endMs));
    const channel = { $in: utterances.map((utterance) => utterance.channel) };
    const setAside = { channel, utteranceIndex: { $lt: 0 }, startMs: { $lt: endMs }, endMs: { $gt: startMs } };
    return { recordingId: this.recordingId, $or: [{ utteranceIndex: { $in: utterances.map(({ index }) => index) } }, setAside] };
  }
}

/** Words in the middle of what was set aside are that, heard again; all others are new. */
function withoutSetAside(rows: readonly Segment[], utterance: RecognizedUtterance): RecognizedUtterance {
  const setAside = rows.filter((row) => row.utteranceIndex < 0 && row.startMs < utterance.endMs && row.endMs > utterance.startMs);
  if (setAside.length === 0) return utterance;
  const isSaid = (ms: number) => setAside.some((segment) => segment.startMs <= ms && ms < segment.endMs);
  const words = utterance.words.filter((word) => !isSaid((word.startMs + word.endMs) / 2));
  return { ...utterance, words, text: words.map(({ text }) => text).join(' ') };
}
