import { Inject, Injectable } from '@nestjs/common';
import { Counter, Histogram, type Registry } from 'prom-client';
import { METRICS } from '../../../platform/observability/index.js';

export type Outcome = 'completed' | 'failed' | 'released' | 'superseded';

/** How transcription is doing. */
@Injectable()
export class TranscriptionMetrics {
  readonly audioSeconds: Counter;
  readonly realTimeFactor: Histogram;
  readonly timeToFirstWords: Histogram;
  private readonly runs: Counter<'outcome'>;

  constructor(@Inject(METRICS) registry: Registry) {
    const registers = [registry];
    this.audioSeconds = new Counter({
      name: 'auscult_transcribed_audio_seconds_total', help: 'Audio that was transcribed, in seconds', registers,
    });
    this.realTimeFactor = new Histogram({
      name: 'auscult_transcription_speed_ratio', help: 'Seconds of audio transcribed for each second of a completed run',
      buckets: [0.5, 1, 2, 5, 10, 20, 30, 40, 60, 80, 120, 200], registers,
    });
    this.timeToFirstWords = new Histogram({
      name: 'auscult_transcription_first_words_seconds', help: 'From the complete upload to the first saved words',
      buckets: [0.5, 1, 2, 3, 5, 8, 13, 30, 60, 300, 1800], registers,
    });
    this.runs = new Counter({
      name: 'auscult_transcription_runs_total', help: 'Runs over recordings by how they ended', labelNames: ['outcome'], registers,
    });
  }

  ended(outcome: Outcome): void {
    this.runs.inc({ outcome });
  }
}
