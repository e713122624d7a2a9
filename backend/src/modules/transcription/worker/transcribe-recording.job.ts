import type { JobPayload } from '@auscult/contracts';
import { Injectable } from '@nestjs/common';
import { type HandlesJob, type JobContext, JobHandler } from '../../../platform/queue/index.js';
import { TranscriptAnnouncements } from '../transcript-announcements.service.js';
import { RunClaims } from './run-claims.service.js';
import { endRun } from './run-end.js';
import { RecordingTranscriber } from './recording-transcriber.service.js';
import { type Speech, SpeechEngine } from './speech-engine.service.js';
import { type Outcome, TranscriptionMetrics } from './transcription-metrics.service.js';
import type { TranscriptionRun } from './transcription-run.js';

/**
 * Transcribes one recording, from its checkpoint on. Two recordings at once in a process: one alone keeps every core busy, and a
 * short one need not wait for a long one.
 */
@Injectable()
@JobHandler('transcribe-recording', { concurrency: 2 })
export class TranscribeRecordingJob implements HandlesJob<'transcribe-recording'> {
  constructor(
    private readonly speech: SpeechEngine,
    private readonly claims: RunClaims,
    private readonly transcriber: RecordingTranscriber,
    private readonly announcements: TranscriptAnnouncements,
    private readonly metrics: TranscriptionMetrics,
  ) {}

  async handle({ recordingId }: JobPayload<'transcribe-recording'>, { signal }: JobContext): Promise<void> {
    const speech = await this.speech.loaded();
    // A recording that is cancelled and retried within a second finds this job still in the queue, which takes no second one.
    for (let waits = true; waits; ) {
      signal.throwIfAborted();
      waits = (await this.run(recordingId, speech, signal)) === 'superseded' && (await this.isWaiting(recordingId));
    }
  }

  async abandoned({ recordingId }: JobPayload<'transcribe-recording'>): Promise<void> {
    const failed = await this.claims.abandon(recordingId);
    if (!failed) return;
    this.announcements.changed(failed);
    this.metrics.ended('failed');
  }

  /** One run. Rejects where the queue shall try again. */
  private async run(recordingId: string, speech: Speech, signal: AbortSignal): Promise<'ended' | 'superseded'> {
    const claim = await this.claims.claim(recordingId);
    if (claim.outcome === 'taken') return 'ended';
    this.announcements.changed(claim.recording);
    if (claim.outcome === 'given-up') return this.ended('failed');
    const stop = new AbortController();
    const run = this.claims.run(claim, AbortSignal.any([signal, stop.signal]));
    try {
      await this.transcriber.transcribe(run, claim.recording, speech, stop);
      return this.ended('completed');
    } catch (error) {
      return this.end(this.claims.run(claim, new AbortController().signal), error, signal);
    }
  }

  private async end(run: TranscriptionRun, error: unknown, shutdown: AbortSignal): Promise<'ended' | 'superseded'> {
    const recording = await endRun(run, error, shutdown);
    if (!recording) {
      this.ended('superseded');
      return 'superseded';
    }
    this.announcements.changed(recording);
    this.ended(recording.status === 'failed' ? 'failed' : 'released');
    // One that has failed is done; one that waits again is the queue's to deliver again.
    if (recording.status === 'failed') return 'ended';
    throw error;
  }

  private ended(outcome: Outcome): 'ended' {
    this.metrics.ended(outcome);
    return 'ended';
  }

  /**
   * Cancelled, deleted, taken over, or queued anew. It may also be completed, by a commit whose answer was lost: nobody has told
   * of that yet.
   */
  private async isWaiting(recordingId: string): Promise<boolean> {
    const recording = await this.claims.find(recordingId);
    if (recording?.status === 'completed') this.announcements.changed(recording);
    return recording?.status === 'queued';
  }
}
