import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { SegmentRevision } from './segment-revision.entity.js';
import { Segment } from './segment.entity.js';
import { Speaker } from './speaker.entity.js';

/** Segments that an export holds in memory at a time. */
const PAGE = 250;

/** Finds what was said. Takes ids of recordings that the caller may see: ask `RecordingRepository` first. */
@Injectable()
export class TranscriptRepository {
  constructor(private readonly em: EntityManager) {}

  speakers(recordingId: string): Promise<Speaker[]> {
    return this.em.find(Speaker, { recordingId }, { orderBy: { position: 'asc' } });
  }

  speaker(recordingId: string, id: string): Promise<Speaker | null> {
    return this.em.findOne(Speaker, { id, recordingId });
  }

  segment(recordingId: string, id: string): Promise<Segment | null> {
    return this.em.findOne(Segment, { id, recordingId });
  }

  segments(recordingId: string): Promise<Segment[]> {
    return this.em.find(Segment, { recordingId }, { orderBy: { startMs: 'asc', utteranceIndex: 'asc' } });
  }

  /** All segments by start time, page by page, on an entity manager of its own that forgets each page. */
  async *inPages(recordingId: string): AsyncGenerator<Segment[]> {
    let after: Segment | undefined;
    for (;;) {
      const where = after ? { recordingId, $or: laterThan(after) } : { recordingId };
      const page = await this.em.fork().find(Segment, where, { orderBy: { startMs: 'asc', utteranceIndex: 'asc' }, limit: PAGE });
      if (page.length > 0) yield page;
      after = page.at(-1);
      if (page.length < PAGE) return;
    }
  }

  revisions(segmentId: string): Promise<SegmentRevision[]> {
    return this.em.find(SegmentRevision, { segmentId }, { orderBy: { revision: 'desc' } });
  }

  /** What the recogniser had written in those of the segments that were corrected since, by the segment's id. */
  async recognizedTexts(segments: readonly Segment[]): Promise<Map<string, string>> {
    const corrected = segments.filter(({ revision }) => revision > 0).map(({ id }) => id);
    const states = await this.em.find(SegmentRevision, { segmentId: { $in: corrected }, revision: 0 });
    return new Map(states.map(({ segmentId, text }) => [segmentId, text]));
  }

  corrected(recordingId: string): Promise<number> {
    return this.em.count(Segment, { recordingId, revision: { $gt: 0 } });
  }

  async removeSegments(recordingId: string): Promise<void> {
    await this.em.nativeDelete(Segment, { recordingId });
  }

  /** Whether words were found on a channel, whoever they are assigned to now. */
  async hasSpeechOn(recordingId: string, channel: number): Promise<boolean> {
    return (await this.em.count(Segment, { recordingId, channel })) > 0;
  }
}

function laterThan({ startMs, utteranceIndex }: Segment) {
  return [{ startMs: { $gt: startMs } }, { startMs, utteranceIndex: { $gt: utteranceIndex } }];
}
