import type { JobPayload } from '@auscult/contracts';
import { Injectable, Logger } from '@nestjs/common';
import { type HandlesJob, type JobContext, JobHandler } from '../../../platform/queue/index.js';
import { TranscriptAnnouncements } from '../transcript-announcements.service.js';
import { RunClaims } from './run-claims.service.js';
import { SpeechEngine } from './speech-engine.service.js';
import { TranscriptionMetrics } from './transcription-metrics.service.js';
import { failureOf } from './transcription-failure.js';
import { RecordingTranscriber } from './recording-transcriber.service.js';
import { RunSupersededError, type TranscriptionRun } from './transcription-run.js';

/**
 * Transcribes one recording, from its checkpoint on. Two recordings at once in a process: one alone keeps every core busy, and a
 * short one need not wait for a long one.
 */
@Injectable()
@JobHandler('transcribe-recording', { concurrency: 2 })
export class TranscribeRecordingJob implements HandlesJob<'transcribe-recording'> {
  private readonly logger = new Logger('TranscribeRecordingJob');

  constructor(
    private readonly speech: SpeechEngine,
    private readonly claims: RunClaims,
    private readonly transcriber: RecordingTranscriber,
    private readonly announcements: TranscriptAnnouncements,
    private readonly metrics: TranscriptionMetrics,
  ) {}

  async handle({ recordingId }: JobPayload<'transcribe-recording'>, { signal }: JobContext): Promise<void> {
    const speech = await this.speech.loaded();
    signal.throwIfAborted();
    const claim = await this.claims.claim(recordingId);
    if (claim.outcome === 'taken') return;
    this.announcements.changed(claim.recording);
    if (claim.outcome === 'given-up') return this.metrics.ended('failed');
    const stop = new AbortController();
    const run = this.claims.run(claim, AbortSignal.any([signal, stop.signal]));
    try {
      await this.transcriber.transcribe(run, claim.recording, speech, stop);
      this.metrics.ended('completed');
    } catch (error) {
      await this.end(claim, error, signal);
    }
  }

  async abandoned({ recordingId }: JobPayload<'transcribe-recording'>): Promise<void> {
    const failed = await this.claims.abandon(recordingId);
    if (!failed) return;
    this.announcements.changed(failed);
    this.metrics.ended('failed');
  }

  /** What a run leaves behind that did not complete. Rejects where the queue shall try again. */
  private async end(claim: { recording: { id: string }; runId: string } & Parameters<RunClaims['run']>[0], error: unknown, shutdown: AbortSignal): Promise<void> {
    if (error instanceof RunSupersededError) return this.leave(claim.recording.id);
    // The run's own signal may be aborted; what follows must be written nevertheless.
    const run = this.claims.run(claim, new AbortController().signal);
    const failure = shutdown.aborted ? null : failureOf(error);
    try {
      if (failure) return this.announceEnd(await run.fail(failure));
      await this.release(run, error, shutdown);
    } catch (later) {
      if (later instanceof RunSupersededError) return this.leave(claim.recording.id);
      throw later;
    }
  }

  private async release(run: TranscriptionRun, error: unknown, shutdown: AbortSignal): Promise<void> {
    const recording = await run.release(shutdown.aborted ? 'shutdown' : 'fault');
    this.announceEnd(recording);
    if (!shutdown.aborted) this.logger.error({ recordingId: run.recordingId, err: error }, 'A transcription stopped by a fault');
    // A recording that has failed by now is done; one that waits again is the queue's to retry.
    if (recording.status === 'queued') throw error;
  }

  private announceEnd(recording: Parameters<TranscriptAnnouncements['changed']>[0]): void {
    this.announcements.changed(recording);
    this.metrics.ended(recording.status === 'failed' ? 'failed' : 'released');
  }

  /** Cancelled, deleted or taken over; or completed by a commit whose answer was lost, which nobody has told of yet. */
  private async leave(recordingId: string): Promise<void> {
    this.metrics.ended('superseded');
    const recording = await this.claims.find(recordingId);
    if (recording?.status === 'completed') this.announcements.changed(recording);
  }
}
