import { Inject, Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { LIVE_FRAME_MS } from '@auscult/contracts';
import { METRICS } from '../../../../platform/observability/index.js';

/** What the metrics ask the process for when they are read. */
export interface LiveNumbers {
  sessions: number;
  /** How far the slowest session is behind what was received. */
  lagSeconds: number;
  /** Decodes that wait, by kind. */
  waiting: Readonly<Record<string, number>>;
  droppedPartials: number;
}

const LATENCIES = [0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.7, 1, 1.5, 2, 3, 5, 10, 30];

/** How live transcription is doing. */
@Injectable()
export class LiveMetrics {
  readonly finalSeconds: Histogram;
  readonly firstPartialSeconds: Histogram;
  readonly takeOvers: Counter;
  readonly replays: Counter;
  readonly failures: Counter;
  readonly unheardSeconds: Counter;
  private readonly receivedSeconds: Counter;
  private readonly storedSeconds: Counter;
  private numbers: () => LiveNumbers = () => ({ sessions: 0, lagSeconds: 0, waiting: {}, droppedPartials: 0 });

  constructor(@Inject(METRICS) private readonly registry: Registry) {
    this.receivedSeconds = this.counter('auscult_live_received_audio_seconds_total', 'Sound that was read to be recognised, in seconds; again after a replay');
    this.storedSeconds = this.counter('auscult_live_stored_audio_seconds_total', 'Sound that became durable with its words, in seconds');
    this.takeOvers = this.counter('auscult_live_lease_takeovers_total', 'Sessions taken over from a worker that did not renew its lease');
    this.replays = this.counter('auscult_live_replays_total', 'Times that a session was read again from its checkpoint');
    this.failures = this.counter('auscult_live_failures_total', 'Runs over sessions that ended by a fault');
    this.unheardSeconds = this.counter('auscult_live_unheard_seconds_total', 'Speech that was stored without words, because the recogniser failed at it again and again, in seconds');
    this.finalSeconds = this.latency('auscult_live_final_seconds', 'From the end of an utterance in the sound to its saved words');
    this.firstPartialSeconds = this.latency('auscult_live_first_partial_seconds', 'From the begin of an utterance in the sound to its first words');
    this.observed();
  }

  /** Where the present numbers come from. */
  watch(numbers: () => LiveNumbers): void {
    this.numbers = numbers;
  }

  received(frames: number): void {
    this.receivedSeconds.inc((frames * LIVE_FRAME_MS) / 1000);
  }

  stored(frames: number): void {
    this.storedSeconds.inc((frames * LIVE_FRAME_MS) / 1000);
  }

  private observed(): void {
    const now = () => this.numbers();
    const registers = [this.registry];
    new Gauge({ name: 'auscult_live_sessions', help: 'Sessions that this process holds', registers, collect() { this.set(now().sessions); } });
    new Gauge({ name: 'auscult_live_lag_seconds', help: 'How far the slowest session is behind its sender', registers, collect() { this.set(now().lagSeconds); } });
    new Gauge({
      name: 'auscult_live_decodes_waiting', help: 'Decodes that wait for the recogniser', labelNames: ['kind'], registers,
      collect() { for (const [kind, count] of Object.entries(now().waiting)) this.set({ kind }, count); },
    });
    new Counter({
      name: 'auscult_live_dropped_partials_total', help: 'Partial decodes that were overtaken before their turn', registers,
      collect() {
        this.reset();
        this.inc(now().droppedPartials);
      },
    });
  }

  private counter(name: string, help: string): Counter {
    return new Counter({ name, help, registers: [this.registry] });
  }

  private latency(name: string, help: string): Histogram {
    return new Histogram({ name, help, buckets: LATENCIES, registers: [this.registry] });
  }
}
