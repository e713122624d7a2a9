import type { CorrectSegmentBody, SegmentHistoryView, TranscriptView } from '@auscult/contracts';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { ProblemError } from '../../platform/http/index.js';
import { UsersService } from '../users/index.js';
import { RecordingRepository } from './recording.repository.js';
import type { Segment } from './segment.entity.js';
import { Speaker } from './speaker.entity.js';
import { TranscriptAnnouncements } from './transcript-announcements.service.js';
import { TranscriptRepository } from './transcript.repository.js';
import { segmentView, speakerView } from './views.js';

/** Reading and correcting transcripts. Each method begins by asking for the recording of this owner. */
@Injectable()
export class Corrections {
  constructor(
    private readonly em: EntityManager,
    private readonly recordings: RecordingRepository,
    private readonly transcripts: TranscriptRepository,
    private readonly announcements: TranscriptAnnouncements,
    private readonly users: UsersService,
  ) {}

  async transcript(ownerId: string, recordingId: string): Promise<TranscriptView> {
    const { engine } = await this.recordings.owned(ownerId, recordingId);
    const speakers = await this.transcripts.speakers(recordingId);
    const segments = await this.transcripts.segments(recordingId);
    return { recordingId, engine, speakers: speakers.map(speakerView), segments: segments.map(segmentView) };
  }

  /** @throws ProblemError `conflict` when somebody else was faster, `not-found` for a segment or speaker of another recording */
  async correct(ownerId: string, recordingId: string, segmentId: string, body: CorrectSegmentBody): Promise<Segment> {
    const segment = await this.em.transactional(async (em) => {
      // The recording's lock makes corrections of one transcript wait for each other, and keeps the count of words right.
      const recording = await this.recordings.ownedForUpdate(ownerId, recordingId);
      const row = found(await this.transcripts.segment(recordingId, segmentId));
      if (body.speakerId) found(await this.transcripts.speaker(recordingId, body.speakerId));
      const before = row.words.length;
      em.persist(row.correct(body, ownerId, await this.transcripts.revisions(segmentId), new Date()));
      // Of a live session, what is not settled yet is not counted yet.
      recording.wordCount = Math.max(0, recording.wordCount + row.words.length - before);
      return row;
    });
    this.announcements.segments(recordingId, [segment]);
    return segment;
  }

  async history(ownerId: string, recordingId: string, segmentId: string): Promise<SegmentHistoryView> {
    await this.recordings.owned(ownerId, recordingId);
    const segment = found(await this.transcripts.segment(recordingId, segmentId));
    const kept = await this.transcripts.revisions(segmentId);
    const states = kept.length > 0 ? kept : [{ ...stateOf(segment), authorId: null, createdAt: segment.createdAt }];
    const authors = new Set(kept.map(({ authorId }) => authorId).filter((id) => id !== null));
    const names = await this.users.displayNames([...authors]);
    const revisions = states.map(({ revision, text, speakerId, authorId, createdAt }) => ({
      revision, text, speakerId, authorName: authorId === null ? null : (names.get(authorId) ?? null), createdAt: createdAt.toISOString(),
    }));
    return { revisions };
  }

  async addSpeaker(ownerId: string, recordingId: string, name: string): Promise<Speaker> {
    const added = await this.em.transactional(async (em) => {
      await this.recordings.ownedForUpdate(ownerId, recordingId);
      const speakers = await this.transcripts.speakers(recordingId);
      const speaker = Speaker.added(recordingId, 1 + Math.max(-1, ...speakers.map(({ position }) => position)), name);
      em.persist(speaker);
      return speaker;
    });
    await this.announceSpeakers(recordingId);
    return added;
  }

  async renameSpeaker(ownerId: string, recordingId: string, speakerId: string, name: string): Promise<Speaker> {
    const renamed = await this.em.transactional(async () => {
      await this.recordings.ownedForUpdate(ownerId, recordingId);
      const speaker = found(await this.transcripts.speaker(recordingId, speakerId));
      speaker.rename(name);
      return speaker;
    });
    await this.announceSpeakers(recordingId);
    return renamed;
  }

  private async announceSpeakers(recordingId: string): Promise<void> {
    this.announcements.speakers(recordingId, await this.transcripts.speakers(recordingId));
  }
}

function stateOf({ revision, text, speakerId }: Segment) {
  return { revision, text, speakerId };
}

function found<T>(row: T | null): T {
  if (row === null) throw new ProblemError('not-found');
  return row;
}
