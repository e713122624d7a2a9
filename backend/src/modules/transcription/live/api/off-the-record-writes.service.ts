import { LIVE_FRAME_MS, LIVE_FRAME_SAMPLES, type LiveForget } from '@auscult/contracts';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { ProblemError } from '../../../../platform/http/index.js';
import { PcmAudio } from '../../../storage/index.js';
import type { Recording } from '../../recording.entity.js';
import { RecordingRepository } from '../../recording.repository.js';
import { Segment } from '../../segment.entity.js';
import { SegmentRevision } from '../../segment-revision.entity.js';
import { LiveSessionRepository } from '../live-session.repository.js';
import { Marker } from '../marker.entity.js';
import { removeUnsettled } from './unsettled-lines.js';

/** More than anybody asks for, and no flood of rows. Of their own: moments that were marked must not keep anything on the record. */
const MAX_OFF_RECORD = 2_000;

/** Frames `from` to `until` - 1. */
interface Range {
  from: number;
  until: number;
}

export interface Forgotten {
  recording: Recording;
  /** Whose frames they are; null where that is not known. */
  sender: string | null;
  frames: Range;
  /** Segments that are gone. */
  removed: string[];
  /** Segments that lost words, now or in a state before. */
  changed: Segment[];
  /** Removes the files whose keys are destroyed; call it after the commit. */
  purge: () => Promise<void>;
}

/** Puts a stretch of a live session off the record in the database, in one transaction. */
@Injectable()
export class OffTheRecordWrites {
  /** One at a time: each holds a connection while it needs another for the sound, so that as many as there are connections would wait for one another for ever. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly em: EntityManager,
    private readonly recordings: RecordingRepository,
    private readonly sessions: LiveSessionRepository,
    private readonly audio: PcmAudio,
  ) {}

  /**
   * The worker is interrupted: it begins again from the checkpoint, with silence where the marker says so.
   * @throws ProblemError `not-found`, `live-replaced`, `live-ended`, `request-invalid` when too much is off the record already
   */
  async forget(ownerId: string, asked: LiveForget, range: Range): Promise<Forgotten> {
    await this.recordings.owned(ownerId, asked.recordingId);
    const forgotten = this.last.then(() => this.forgetNow(ownerId, asked, range));
    this.last = forgotten.catch(() => undefined);
    return forgotten;
  }

  private forgetNow(ownerId: string, { recordingId, writer, markerId }: LiveForget, range: Range): Promise<Forgotten> {
    return this.em.fork().transactional(async (em) => {
      const session = await this.sessions.forUpdate(recordingId);
      if (!session) throw new ProblemError('live-ended');
      if (session.writer !== writer) throw new ProblemError('live-replaced');
      const recording = await this.recordings.ownedForUpdate(ownerId, recordingId);
      const known = await em.findOne(Marker, { id: markerId });
      const { sender } = session;
      if (known) return { ...alreadyForgotten(recording, known), sender };
      if ((await this.sessions.offRecord(recordingId)).length >= MAX_OFF_RECORD) throw new ProblemError('request-invalid', `Up to ${MAX_OFF_RECORD.toLocaleString('en-GB')} stretches of a session can be put off the record.`);
      em.persist(Marker.offRecord(markerId, recordingId, range, new Date()));
      session.interrupt();
      const purge = await this.audio.silence(em, recordingId, ownerId, range.from * LIVE_FRAME_SAMPLES, range.until * LIVE_FRAME_SAMPLES);
      const { removed, changed } = await this.redact(em, recording, range);
      return { recording, sender, frames: range, removed, changed, purge };
    });
  }

  private async redact(em: EntityManager, recording: Recording, range: Range): Promise<{ removed: string[]; changed: Segment[] }> {
    const stretch = { fromMs: range.from * LIVE_FRAME_MS, untilMs: range.until * LIVE_FRAME_MS };
    await em.nativeUpdate(Marker, { recordingId: recording.id, atMs: { $gte: stretch.fromMs, $lt: stretch.untilMs } }, { label: null });
    const unsettled = await removeUnsettled(em, recording, await this.sessions.tracks(recording.id));
    const where = { recordingId: recording.id, startMs: { $lt: stretch.untilMs }, endMs: { $gt: stretch.fromMs } };
    const touched = await em.find(Segment, where, { orderBy: { startMs: 'asc' } });
    const removed: string[] = [];
    const changed: Segment[] = [];
    for (const segment of touched) {
      const before = segment.words.length;
      const outcome = segment.redact(stretch, await em.find(SegmentRevision, { segmentId: segment.id }), new Date());
      if (outcome === 'untouched') continue;
      recording.wordCount = Math.max(0, recording.wordCount - before + (outcome === 'gone' ? 0 : segment.words.length));
      if (outcome === 'gone') {
        em.remove(segment);
        removed.push(segment.id);
        continue;
      }
      em.persist(outcome);
      changed.push(segment);
    }
    return { removed: [...unsettled, ...removed], changed };
  }
}

function alreadyForgotten(recording: Recording, marker: Marker): Omit<Forgotten, 'sender'> {
  if (marker.recordingId !== recording.id || marker.kind !== 'off-record') throw new ProblemError('conflict');
  return { recording, frames: marker.frames, removed: [], changed: [], purge: () => Promise.resolve() };
}
