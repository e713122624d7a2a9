import type { JobPayload } from '@auscult/contracts';
import { Injectable, Logger } from '@nestjs/common';
import { type HandlesJob, type JobContext, JobHandler } from '../../../platform/queue/index.js';
import type { Recording } from '../recording.entity.js';
import { TranscriptAnnouncements } from '../transcript-announcements.service.js';
import { endRun } from './run-end.js';
import { RunClaims } from './run-claims.service.js';
import { SecondHearer } from './second-hearer.service.js';
import { SpeechEngine } from './speech-engine.service.js';
import { failureOf } from './transcription-failure.js';

const secondPassOf = (recording: Recording) => recording.secondPass;

/** Hears one completed live session a second time, by the model of this process. One at a time: uploads come first. */
@Injectable()
@JobHandler('hear-again')
export class HearAgainJob implements HandlesJob<'hear-again'> {
  private readonly logger = new Logger('HearAgain');

  constructor(
    private readonly speech: SpeechEngine,
    private readonly claims: RunClaims,
    private readonly hearer: SecondHearer,
    private readonly announcements: TranscriptAnnouncements,
  ) {}

  /** Rejects where the queue shall try again. */
  async handle({ recordingId }: JobPayload<'hear-again'>, { signal }: JobContext): Promise<void> {
    const speech = await this.speech.loaded();
    signal.throwIfAborted();
    const claim = await this.claims.claim(recordingId, secondPassOf);
    if (claim.outcome === 'taken') return;
    this.announcements.changed(claim.recording);
    if (claim.outcome === 'given-up') return;
    const stop = new AbortController();
    const run = this.claims.secondPass(claim, AbortSignal.any([signal, stop.signal]));
    try {
      await this.hearer.hear(run, claim.recording, speech, stop);
    } catch (error) {
      const ended = await endRun(this.claims.secondPass(claim, new AbortController().signal), error, signal);
      if (!ended) return this.tellIfDone(recordingId);
      this.announcements.changed(ended);
      // One that has failed is done; one that waits again is the queue's to deliver again.
      if (ended.secondPass.state !== 'failed') throw error;
      this.logger.warn({ err: error, code: failureOf(error) }, 'A second hearing has failed; the transcript stays as it was');
    }
  }

  async abandoned({ recordingId }: JobPayload<'hear-again'>): Promise<void> {
    const failed = await this.claims.abandon(recordingId, secondPassOf);
    if (failed) this.announcements.changed(failed);
  }

  /** Deleted or taken over; or done by a commit whose answer was lost: nobody has told of that yet. */
  private async tellIfDone(recordingId: string): Promise<void> {
    const recording = await this.claims.find(recordingId);
    if (recording?.secondPass.state !== 'done') return;
    this.announcements.segments(recordingId, await this.claims.segments(recordingId));
    this.announcements.changed(recording);
  }
}
