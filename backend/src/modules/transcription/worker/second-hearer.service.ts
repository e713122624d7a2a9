import { type UtteranceEvent, transcribe } from '@auscult/speech';
import { Injectable } from '@nestjs/common';
import type { Recording } from '../recording.entity.js';
import { TranscriptAnnouncements } from '../transcript-announcements.service.js';
import { isConnectionError } from './connection-patience.js';
import { startHeartbeat } from './heartbeat.js';
import { RecordingSound } from './recording-sound.service.js';
import type { SecondPassRun } from './second-pass-run.js';
import type { Speech } from './speech-engine.service.js';

/**
 * Nobody waits for a second hearing as for the first words of an upload: with one decode at a time it takes no more than its share of
 * the slots, and on a free machine two thirds of the speed (25.7 times real time against 38).
 */
const PARALLEL = 1;

/** Listens to a whole recording once more and has the result written at its end. */
@Injectable()
export class SecondHearer {
  constructor(
    private readonly sound: RecordingSound,
    private readonly announcements: TranscriptAnnouncements,
  ) {}

  /**
   * Resolves once the result is written. `stop` is aborted when the run is superseded.
   * @throws RunSupersededError, AudioError, ObjectNotFoundError, or whatever stopped it
   */
  async hear(run: SecondPassRun, recording: Recording, speech: Speech, stop: AbortController): Promise<void> {
    const recognizer = speech.slots.lane();
    this.announcements.changed(await run.begin(recognizer.name));
    // The beats end before the result is written: one that waited for its lock would find the run over.
    const heartbeat = startHeartbeat(() => this.beat(run), (error) => stop.abort(error));
    const utterances: UtteranceEvent[] = [];
    try {
      const audio = await this.sound.open(recording, run.signal);
      const options = { recognizer, createVoiceDetector: speech.createVoiceDetector, parallel: PARALLEL, signal: run.signal };
      for await (const event of transcribe(audio, options)) {
        if (event.kind === 'utterance') utterances.push(event);
        else if (event.kind === 'progress') run.reachedMs = event.reachedMs;
      }
      // Else what was not heard would keep its old words, and count as heard.
      if (audio.truncated) throw new Error('The sound ended before its end');
    } finally {
      heartbeat.stop();
    }
    run.signal.throwIfAborted();
    const { recording: heard, segments } = await run.complete(utterances, recognizer.name);
    this.announcements.segments(heard.id, segments);
    this.announcements.changed(heard);
  }

  /** A beat that the database could not take is made up for by the next: only a lost run must hear of it. */
  private async beat(run: SecondPassRun): Promise<void> {
    try {
      this.announcements.changed(await run.beat());
    } catch (error) {
      if (!isConnectionError(error)) throw error;
    }
  }
}
