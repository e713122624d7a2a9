import { randomUUID } from 'node:crypto';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { Recording } from '../recording.entity.js';
import { RecordingRepository } from '../recording.repository.js';
import type { Claimable } from '../run-hold.js';
import type { Segment } from '../segment.entity.js';
import { TranscriptRepository } from '../transcript.repository.js';
import { SecondPassRun } from './second-pass-run.js';
import { TranscriptionRun } from './transcription-run.js';

export type Claim = { outcome: 'claimed'; recording: Recording; runId: string } | { outcome: 'given-up'; recording: Recording } | { outcome: 'taken' };

/** Which work of a recording is meant; its transcription is the recording's own. */
type WorkOf = (recording: Recording) => Claimable;
const transcription: WorkOf = (recording) => recording;

/** Takes recordings over for a run, and gives up those that no run can finish. */
@Injectable()
export class RunClaims {
  constructor(
    private readonly em: EntityManager,
    private readonly recordings: RecordingRepository,
    private readonly transcripts: TranscriptRepository,
  ) {}

  /** `taken` also when the recording is gone, or done. */
  claim(recordingId: string, workOf = transcription): Promise<Claim> {
    return this.em.fork().transactional(async () => {
      const recording = await this.recordings.forUpdate(recordingId);
      if (!recording) return { outcome: 'taken' };
      const runId = randomUUID();
      const outcome = workOf(recording).claim(runId, new Date());
      return outcome === 'taken' ? { outcome } : { outcome, recording, runId };
    });
  }

  run({ recording, runId }: { recording: Recording; runId: string }, signal: AbortSignal): TranscriptionRun {
    const { em, recordings, transcripts } = this;
    return new TranscriptionRun({ em, recordings, transcripts }, recording.id, runId, signal);
  }

  secondPass({ recording, runId }: { recording: Recording; runId: string }, signal: AbortSignal): SecondPassRun {
    const { em, recordings, transcripts } = this;
    return new SecondPassRun({ em, recordings, transcripts }, recording.id, runId, signal);
  }

  /** The queue has given the job up. Answers the recording when that made it fail. */
  abandon(recordingId: string, workOf = transcription): Promise<Recording | null> {
    return this.em.fork().transactional(async () => {
      const recording = await this.recordings.forUpdate(recordingId);
      return recording && workOf(recording).abandon(new Date()) ? recording : null;
    });
  }

  /** The row as it is now, for an announcement. */
  find(recordingId: string): Promise<Recording | null> {
    return this.em.fork().transactional(() => this.recordings.forUpdate(recordingId));
  }

  /** As they stand, for an announcement. */
  segments(recordingId: string): Promise<Segment[]> {
    return this.em.fork().transactional(() => this.transcripts.segments(recordingId));
  }
}
