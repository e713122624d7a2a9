import { type FilterQuery, LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { type RecognizedUtterance, Segment } from '../../segment.entity.js';

interface Written {
  /** The row as it stands, if one does. */
  line: Segment | null;
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

  /** Answers the row as it stands. */
  async write(em: EntityManager, heard: RecognizedUtterance, speakerId: string): Promise<Segment | null> {
    return this.writeInto(await this.rowsOf(em, [heard]), em, heard, speakerId).line;
  }

  /**
   * The usual final: nothing stands in its place and nothing was set aside there. One statement, which is a transaction of its own, where `write` under its lock is
   * five. Null when something stands there, or when the run does not hold the session any more: whoever takes words away in a live session ends the run first, and then the locked row is
   * looked at anew.
   */
  async insertNew(em: EntityManager, runId: string, utterance: RecognizedUtterance, speakerId: string): Promise<Segment | null> {
    const { index, channel, startMs, endMs, text, words, wordTiming } = utterance;
    if (text === '') return null;
    const segment = Segment.recognized(this.recordingId, speakerId, utterance, new Date());
    const { affectedRows } = await em.execute<{ affectedRows: number }>(
      `insert into segment (id, recording_id, utterance_index, channel, speaker_id, start_ms, end_ms, text, words, word_timing, revision, created_at)
       select ?::uuid, recording_id, ?::int, ?::int, ?::uuid, ?::int, ?::int, ?, ?::jsonb, ?, ?::int, ?::timestamptz
       from live_session where recording_id = ? and run_id = ? and not exists (
         select 1 from segment there where there.recording_id = live_session.recording_id
         and (there.utterance_index = ? or (there.utterance_index < 0 and there.channel = ? and there.start_ms < ? and there.end_ms > ?)))
       for update of live_session
       on conflict do nothing`,
      [segment.id, index, channel, speakerId, startMs, endMs, text, JSON.stringify(words), wordTiming, segment.revision, segment.createdAt, this.recordingId, runId, index, channel, endMs, startMs],
      'run',
    );
    return affectedRows === 1 ? segment : null;
  }

  async settle(em: EntityManager, utterances: readonly RecognizedUtterance[], speakerId: string): Promise<{ lines: Segment[]; removed: string[]; words: number }> {
    const rows = await this.rowsOf(em, utterances);
    const written = utterances.map((utterance) => this.writeInto(rows, em, utterance, speakerId));
    return {
      lines: written.flatMap(({ line }) => line ?? []),
      removed: written.flatMap(({ removed }) => removed ?? []),
      words: written.reduce((sum, { words }) => sum + words, 0),
    };
  }

  private writeInto(rows: readonly Segment[], em: EntityManager, heard: RecognizedUtterance, speakerId: string): Written {
    const known = rows.find(({ utteranceIndex }) => utteranceIndex === heard.index);
    const utterance = withoutSetAside(rows, heard);
    if (!known) return this.insert(em, utterance, speakerId);
    if (known.revision > 0) return { line: known, removed: null, words: known.words.length };
    if (utterance.text === '') {
      em.remove(known);
      return { line: null, removed: known.id, words: 0 };
    }
    known.recognizedAnew(utterance);
    return { line: known, removed: null, words: known.words.length };
  }

  /** The rows as they stand, to be told once more. */
  async present(em: EntityManager, utterances: readonly RecognizedUtterance[]): Promise<{ lines: Segment[]; removed: string[] }> {
    const utteranceIndex = { $in: utterances.map(({ index }) => index) };
    return { lines: await em.find(Segment, { recordingId: this.recordingId, utteranceIndex }), removed: [] };
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
    if (utterance.text === '') return { line: null, removed: null, words: 0 };
    const segment = Segment.recognized(this.recordingId, speakerId, utterance, new Date());
    em.persist(segment);
    return { line: segment, removed: null, words: segment.words.length };
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
