import type { LiveMark } from '@auscult/contracts';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { ProblemError } from '../../../../platform/http/index.js';
import { RecordingRepository } from '../../recording.repository.js';
import { LiveAnnouncements } from '../live-announcements.service.js';
import { LiveSessionRepository } from '../live-session.repository.js';
import { Marker } from '../marker.entity.js';

/** More than anybody reads again; it keeps a flood out of the table. A further one is refused for good: whoever sends it would try it again and again, and no sound behind it. */
const MAX_MARKERS = 2_000;

/** Moments in live recordings. Each method begins by asking for the recording of this owner. */
@Injectable()
export class LiveMarkers {
  constructor(
    private readonly em: EntityManager,
    private readonly recordings: RecordingRepository,
    private readonly sessions: LiveSessionRepository,
    private readonly live: LiveAnnouncements,
  ) {}

  async list(ownerId: string, recordingId: string): Promise<Marker[]> {
    await this.recordings.owned(ownerId, recordingId);
    return this.sessions.markers(recordingId);
  }

  /** Idempotent by the marker's id; may be said after the end, by a sender that was offline. What is off the record gets no label. */
  async mark(ownerId: string, said: LiveMark): Promise<void> {
    const { recordingId } = said;
    // Under the lock of whoever puts something off the record, or a label could be written while that is under way.
    const isNew = await this.em.fork().transactional(async (em) => {
      const { liveSource } = await this.recordings.ownedForUpdate(ownerId, recordingId);
      if (liveSource === null) throw new ProblemError('recording-state', 'Only sessions that are made live have markers.');
      return this.add(em, said, await this.sessions.markers(recordingId));
    });
    if (isNew) this.live.markers(recordingId, await this.sessions.markers(recordingId));
  }

  private async add(em: EntityManager, { recordingId, markerId: id, kind, atMs, durationMs, label }: LiveMark, known: readonly Marker[]): Promise<boolean> {
    if (known.some((marker) => marker.id === id)) return false;
    if (known.length >= MAX_MARKERS) throw new ProblemError('request-invalid', `A session holds up to ${MAX_MARKERS.toLocaleString('en-GB')} markers.`);
    const isOffRecord = known.some((marker) => marker.isOffRecordAt(atMs));
    const marker = Marker.at(id, recordingId, { kind, atMs, durationMs: durationMs ?? null, label: isOffRecord ? null : label || null }, new Date());
    await em.upsert(Marker, marker, { onConflictAction: 'ignore' });
    return true;
  }
}
