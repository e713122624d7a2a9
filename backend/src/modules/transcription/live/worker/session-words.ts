import { LIVE_FRAME_SAMPLES, type LivePartial } from '@auscult/contracts';
import type { LiveEvent, LiveFinalEvent, LivePartialEvent, LiveSettledEvent } from '@auscult/speech';
import type { RecognizedUtterance, Segment } from '../../segment.entity.js';
import { withPatience } from '../../worker/connection-patience.js';
import type { Speaker } from '../../speaker.entity.js';
import { ArrivalTimes } from './arrival-times.js';
import { type Frames, channelsOf, toFloats } from './frames.js';
import type { LiveMetrics } from './live-metrics.service.js';
import type { LiveRunWrites, Settlement } from './live-run-writes.js';
import { SupersededError } from './superseded-error.js';
import { UnsettledSound, isSilent } from './unsettled-sound.js';

/** Who is told of what a session has written, each time after the commit. */
export interface SessionListener {
  partial(partial: Omit<LivePartial, 'recordingId'>): void;
  /** An utterance has ended: its partials are out of date. */
  ended(channel: number): void;
  /** @param tookSeconds since its last word was read; null when that is not known any more */
  segment(segment: Segment, tookSeconds: number | null): void;
  settled(settlement: Settlement): void;
}

export interface WordsOptions {
  writes: LiveRunWrites;
  speakers: readonly Speaker[];
  channelCount: number;
  /** Where sound becomes durable. */
  sound: { store: (samples: Int16Array) => Promise<string>; giveUp: (objectId: string) => Promise<void> };
  metrics: LiveMetrics;
  listener: SessionListener;
  signal: AbortSignal;
  onFailure: (reason: unknown) => void;
}

/**
 * Between the transcriber and the database: keeps the sound until it is durable, and writes what was heard, one thing after another in
 * the order in which it was said. While the database is away, what is to be written waits here.
 */
export class SessionWords {
  private readonly sounds: UnsettledSound[];
  private readonly arrivals = new ArrivalTimes();
  private readonly begun = new Map<number, number>();
  private writing: Promise<void> = Promise.resolve();
  private failed = false;

  constructor(private readonly options: WordsOptions) {
    this.sounds = Array.from({ length: options.channelCount }, () => new UnsettledSound());
  }

  /** Keeps the frames and answers what the transcriber takes. */
  keep({ first, frames, samples }: Frames): Float32Array[] {
    this.arrivals.read(first, frames);
    return channelsOf(samples, this.options.channelCount).map((own, channel) => {
      this.sounds[channel]?.append(first * LIVE_FRAME_SAMPLES, own);
      return toFloats(own);
    });
  }

  /** Takes an event of the transcriber; what must be written is written later, in order. */
  readonly hear = (event: LiveEvent): void => {
    if (event.kind === 'partial') return this.partial(event);
    if (event.kind === 'final') this.options.listener.ended(event.channel);
    this.writing = this.writing.then(() => (this.isOver ? undefined : this.write(event))).catch((reason: unknown) => {
      this.failed = true;
      this.options.onFailure(reason);
    });
  };

  /** Resolves once everything that was heard is written. */
  async written(): Promise<void> {
    await this.writing;
  }

  /** Nothing more is written: what failed, or was taken away, is heard again from the checkpoint. */
  private get isOver(): boolean {
    return this.failed || this.options.signal.aborted;
  }

  private partial({ channel, startMs, endMs, firm, tentative }: LivePartialEvent): void {
    this.options.listener.partial({ channel, startMs, endMs, firm, tentative });
    if (firm + tentative === '' || this.begun.get(channel) === startMs) return;
    this.begun.set(channel, startMs);
    const seconds = this.arrivals.secondsSince(startMs);
    if (seconds !== null) this.options.metrics.firstPartialSeconds.observe(seconds);
  }

  private write(event: LiveFinalEvent | LiveSettledEvent): Promise<void> {
    return event.kind === 'final' ? this.final(event) : this.settle(event);
  }

  private async final(event: LiveFinalEvent): Promise<void> {
    const segment = await this.options.writes.final(this.utteranceOf(event), this.speakerOf(event.channel));
    if (!segment) return;
    const seconds = this.arrivals.secondsSince(event.endMs);
    this.options.listener.segment(segment, seconds);
    if (seconds !== null) this.options.metrics.finalSeconds.observe(seconds);
  }

  private async settle({ channel, fromSample, untilSample, nextIndex, utterances }: LiveSettledEvent): Promise<void> {
    const { writes, metrics, listener, signal } = this.options;
    const sound = this.sounds[channel]?.slice(fromSample, untilSample) ?? new Int16Array(0);
    const objectId = isSilent(sound) ? null : await withPatience(() => this.options.sound.store(sound), signal);
    // Words that an earlier run has heard where this one hears none stay.
    const settled = utterances.filter(({ unheard }) => !unheard).map((utterance) => this.utteranceOf(utterance));
    const unheardSeconds = utterances.reduce((sum, { unheard, startMs, endMs }) => sum + (unheard ? (endMs - startMs) / 1000 : 0), 0);
    const stretch = { channel, fromSample, untilSample, nextIndex, utterances: settled, objectId, lacksWords: unheardSeconds > 0 };
    const settlement = await writes.settle(stretch, this.speakerOf(channel)).catch(async (error: unknown) => {
      // What was put off the record or deleted meanwhile must not lie there with its key.
      if (objectId !== null && error instanceof SupersededError) await this.options.sound.giveUp(objectId);
      throw error;
    });
    metrics.unheardSeconds.inc(unheardSeconds);
    this.sounds[channel]?.forgetBefore(untilSample);
    this.arrivals.forgetBefore(settlement.stored);
    listener.settled(settlement);
  }

  /** Numbers of both channels in one row: the n-th utterance of a channel stands at n times the channels, plus the channel. */
  private utteranceOf({ channel, index, startMs, endMs, text, words, wordTiming }: LiveFinalEvent): RecognizedUtterance {
    return { index: index * this.options.channelCount + channel, channel, startMs, endMs, text, words, wordTiming };
  }

  private speakerOf(channel: number): string {
    const speaker = this.options.speakers.find((one) => one.channel === channel);
    if (!speaker) throw new Error('Something was heard on a channel that the session does not have');
    return speaker.id;
  }
}
