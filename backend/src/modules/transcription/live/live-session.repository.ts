import { LIVE_FRAME_SAMPLES } from '@auscult/contracts';
import { LockMode } from '@mikro-orm/core';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { LiveSession } from './live-session.entity.js';
import { LiveTrack } from './live-track.entity.js';
import { Marker } from './marker.entity.js';

/** What has become of a session whose lease was renewed. */
export interface Beat {
  writer: number;
  /** Frames that the sender announced at the end, if it did. */
  liveFrames: number | null;
  /** Since a sender opened the session last. */
  silentSeconds: number;
}

/** As `LiveOpen` of the contracts. */
interface TakeOver {
  after?: number | null | undefined;
  sender?: string | null | undefined;
  yields?: boolean | undefined;
}

interface TakenOver {
  writer: number;
  /** Who had it, where that is known. */
  before: string | null;
}

interface BeatRow {
  run_id: string;
  writer: number;
  live_frames: number | null;
  silent_seconds: string | number;
}

/** Stands for the sender of a session that was finished from another device. */
export const FINISHED_FROM_ELSEWHERE = '00000000-0000-0000-0000-000000000000';

/** A worker that died holds its sessions for so long at most; a living one renews every two seconds. */
export const LIVE_LEASE_SECONDS = 6;
/** Pauses after failures in a row: this long, then twice as long each time. */
const FIRST_PAUSE_SECONDS = 0.5;
const LONGEST_PAUSE_SECONDS = 30;

/**
 * Finds live sessions and lends them to workers. Lease times are the database's, which all processes share. Takes ids of
 * recordings that the caller may see: ask `RecordingRepository` first.
 */
@Injectable()
export class LiveSessionRepository {
  constructor(private readonly em: EntityManager) {}

  find(recordingId: string): Promise<LiveSession | null> {
    return this.em.findOne(LiveSession, { recordingId }, { refresh: true });
  }

  /** Locked until the transaction ends. Lock this row before the recording's, as everybody does. */
  forUpdate(recordingId: string): Promise<LiveSession | null> {
    return this.em.findOne(LiveSession, { recordingId }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
  }

  /** The locked row if this run still holds it; null tells the run to drop everything. Every write of a worker begins here. */
  ofRun(recordingId: string, runId: string): Promise<LiveSession | null> {
    return this.em.findOne(LiveSession, { recordingId, runId }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
  }

  /** The checkpoints by channel. */
  tracks(recordingId: string): Promise<LiveTrack[]> {
    return this.em.find(LiveTrack, { recordingId }, { orderBy: { channel: 'asc' }, refresh: true });
  }

  /** Frames before this one are durable on every channel. */
  async storedFrames(recordingId: string): Promise<number> {
    return storedFrames(await this.tracks(recordingId));
  }

  /** By time. */
  markers(recordingId: string): Promise<Marker[]> {
    return this.em.find(Marker, { recordingId }, { orderBy: { atMs: 'asc', createdAt: 'asc', id: 'asc' } });
  }

  /** What of the sound must be silence, by time; ranges may overlap. */
  offRecord(recordingId: string): Promise<Marker[]> {
    return this.em.find(Marker, { recordingId, kind: 'off-record' }, { orderBy: { atMs: 'asc', id: 'asc' } });
  }

  /** How many sessions of this person have no end yet, and how many are live in all: of some the end is known and not everything has come. */
  async countsOf(ownerId: string): Promise<{ open: number; live: number }> {
    const rows = await this.em.execute<{ open: string; live: string }[]>(
      `select count(*) filter (where live_frames is null) as open, count(*) as live from recording where owner_id = ? and status = 'live'`, [ownerId],
    );
    return { open: Number(rows[0]?.open ?? 0), live: Number(rows[0]?.live ?? 0) };
  }

  /**
   * A sender takes the session over; null when the session is over or has a later writer than `after` that is neither this sender itself nor
   * whoever finished it from elsewhere and sends nothing. One that `yields` gets only what no other sender has.
   */
  async takeOver(recordingId: string, { after = null, sender = null, yields = false }: TakeOver = {}): Promise<TakenOver | null> {
    const rows = await this.em.execute<TakenOver[]>(
      `update live_session session set writer = session.writer + 1, sender = ?::uuid, last_heard_at = now()
       from (select recording_id, sender before from live_session where recording_id = ? for update) old
       where session.recording_id = old.recording_id and (?::int is null or session.writer <= ? or old.before in (?::uuid, ?::uuid))
         and (not ?::boolean or old.before in (?::uuid, ?::uuid)) returning session.writer, nullif(old.before, ?::uuid) before`,
      [sender, recordingId, after, after, sender, FINISHED_FROM_ELSEWHERE, yields, sender, FINISHED_FROM_ELSEWHERE, FINISHED_FROM_ELSEWHERE],
    );
    return rows[0] ?? null;
  }

  /** Of senders that were replaced, all that are remembered. */
  async noteSentBy(recordingId: string, sentBy: Readonly<Record<string, number>>): Promise<void> {
    await this.change('update recording set live_sent_by = ?::jsonb where id = ?', [JSON.stringify(sentBy), recordingId]);
  }

  async heard(recordingId: string): Promise<void> {
    await this.change('update live_session set last_heard_at = now() where recording_id = ?', [recordingId]);
  }

  /** Sessions that no living worker holds and that do not pause, those that wait longest first. */
  async claimable(): Promise<string[]> {
    const rows = await this.em.execute<{ recording_id: string }[]>(
      'select recording_id from live_session where lease_until is null or lease_until < now() order by lease_until nulls first limit 1000',
    );
    return rows.map((row) => row.recording_id);
  }

  /** True when the lease is this run's now; false too while somebody writes to the session, so that no other waits behind it. */
  async claim(recordingId: string, runId: string): Promise<boolean> {
    return (await this.change(
      `update live_session set run_id = ?, lease_until = now() + ? * interval '1 second'
       where recording_id = (
         select recording_id from live_session where recording_id = ? and (lease_until is null or lease_until < now()) for update skip locked)`,
      [runId, LIVE_LEASE_SECONDS, recordingId],
    )) === 1;
  }

  /**
   * Renews the leases of these runs and answers those that still hold one. Sessions that somebody writes to at this moment are waited for or left out: whoever asks for
   * many must not have one hold up all.
   */
  async renew(runIds: readonly string[], locked: 'wait' | 'leave out'): Promise<Map<string, Beat>> {
    const rows = await this.em.execute<BeatRow[]>(
      `update live_session session set lease_until = now() + ? * interval '1 second' from recording
       where recording.id = session.recording_id and session.recording_id in (
         select recording_id from live_session where run_id = any(?::uuid[]) for update ${locked === 'wait' ? '' : 'skip locked'})
       returning session.run_id, session.writer, recording.live_frames, extract(epoch from now() - session.last_heard_at) silent_seconds`,
      [LIVE_LEASE_SECONDS, `{${runIds.join(',')}}`],
    );
    return new Map(rows.map((row) => [row.run_id, { writer: row.writer, liveFrames: row.live_frames, silentSeconds: Number(row.silent_seconds) }]));
  }

  /** Another worker may take the session at once. */
  async release(recordingId: string, runId: string): Promise<void> {
    await this.change('update live_session set run_id = null, lease_until = null where recording_id = ? and run_id = ?', [recordingId, runId]);
  }

  /** The run has failed. After a pause, which grows with each failure in a row, any worker may take the session. */
  async failed(recordingId: string, runId: string): Promise<void> {
    await this.change(
      `update live_session set run_id = null, failures = failures + 1, lease_until = now() + least(?, ? * power(2, least(failures, 10))) * interval '1 second'
       where recording_id = ? and run_id = ?`,
      [LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS, recordingId, runId],
    );
  }

  private async change(statement: string, values: unknown[]): Promise<number> {
    return (await this.em.execute<{ affectedRows: number }>(statement, values, 'run')).affectedRows;
  }
}

export function storedFrames(tracks: readonly LiveTrack[]): number {
  if (tracks.length === 0) return 0;
  return Math.floor(Math.min(...tracks.map((track) => track.storedSamples)) / LIVE_FRAME_SAMPLES);
}
