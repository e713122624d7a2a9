import { type FinishedEvent, type OpenedAudio, type UtteranceEvent, transcribe } from '@auscult/speech';
import { Injectable } from '@nestjs/common';
import type { Recording } from '../recording.entity.js';
import type { Speaker } from '../speaker.entity.js';
import { TranscriptAnnouncements } from '../transcript-announcements.service.js';
import { isConnectionError } from './connection-patience.js';
import { startHeartbeat } from './heartbeat.js';
import { RecordingSound } from './recording-sound.service.js';
import type { Speech } from './speech-engine.service.js';
import { TranscriptionMetrics } from './transcription-metrics.service.js';
import type { TranscriptionRun } from './transcription-run.js';
import { UtteranceBatches } from './utterance-batches.js';

/** Carries what the recogniser hears into the database and to whoever watches. */
@Injectable()
export class RecordingTranscriber {
  constructor(
    private readonly sound: RecordingSound,
    private readonly announcements: TranscriptAnnouncements,
    private readonly metrics: TranscriptionMetrics,
  ) {}

  /**
   * Resolves once the recording is completed. `stop` is aborted when the run is superseded or cannot save; the error is its reason.
   * @throws RunSupersededError, AudioError, ObjectNotFoundError, or whatever stopped it
   */
  async transcribe(run: TranscriptionRun, recording: Recording, speech: Speech, stop: AbortController): Promise<void> {
    const heartbeat = startHeartbeat(() => this.beat(run), (error) => stop.abort(error));
    try {
      const audio = await this.sound.open(recording, run.signal);
      try {
        await this.work(run, recording, audio, speech, stop);
      } finally {
        await audio.close();
      }
    } finally {
      heartbeat.stop();
    }
  }

  private async work(run: TranscriptionRun, claimed: Recording, audio: OpenedAudio, speech: Speech, stop: AbortController): Promise<void> {
    const startedAt = Date.now();
    const recognizer = speech.slots.lane();
    const { mediaType, channelCount, durationMs } = audio;
    const { recording, speakers } = await run.opened({ mediaType, channelCount, durationMs, engine: recognizer.name });
    this.announcements.changed(recording);
    this.announcements.speakers(recording.id, speakers);
    const batches = new UtteranceBatches((batch) => this.save(run, batch, speakers), (error) => stop.abort(error));
    const events = transcribe(audio, {
      recognizer,
      createVoiceDetector: speech.createVoiceDetector,
      parallel: speech.slots.count,
      skipUtterances: claimed.utterancesDone,
      signal: run.signal,
    });
    for await (const event of events) {
      if (event.kind === 'utterance') await batches.add(event);
      else if (event.kind === 'progress') run.reachedMs = event.reachedMs;
      else await this.finish(run, claimed, batches, event, startedAt);
    }
    run.signal.throwIfAborted();
  }

  private async save(run: TranscriptionRun, batch: readonly UtteranceEvent[], speakers: readonly Speaker[]): Promise<void> {
    const { recording, segments } = await run.save(batch, speakers);
    this.announcements.segments(recording.id, segments);
    if (batch[0]?.index === 0) {
      this.announcements.changed(recording);
      this.metrics.timeToFirstWords.observe((Date.now() - recording.createdAt.getTime()) / 1000);
    }
  }

  /** A beat that the database could not take is made up for by the next: only a lost run must hear of it. */
  private async beat(run: TranscriptionRun): Promise<void> {
    try {
      this.announcements.changed(await run.beat());
    } catch (error) {
      if (!isConnectionError(error)) throw error;
    }
  }

  private async finish(run: TranscriptionRun, claimed: Recording, batches: UtteranceBatches, event: FinishedEvent, startedAt: number): Promise<void> {
    await batches.finish();
    run.signal.throwIfAborted();
    const { durationMs, waveform, truncated } = event;
    this.announcements.changed(await run.complete({ durationMs, waveform }, truncated));
    this.metrics.audioSeconds.inc((durationMs - claimed.transcribedMs) / 1000);
    // A run that continued an earlier one did not do all the work itself.
    if (claimed.utterancesDone === 0) this.metrics.realTimeFactor.observe(durationMs / Math.max(1, Date.now() - startedAt));
  }
}
