import type { VoiceDetector, VoicedSpan } from '../detection/voice-detector.js';
import { BLEED_SHIFT, isBleed } from './bleed.js';
import { LEVEL_STEP, levelsOf } from './levels.js';
import { SampleStore } from './sample-store.js';
import { UtteranceCutter, type UtteranceSpan } from './utterance-cutter.js';

/** Kept behind what is needed: padding, the bleed guard's shift and the steps of levels. */
const MARGIN = 2 * BLEED_SHIFT;

/** One channel on its way from sound to utterance spans. */
export class ChannelTrack {
  readonly sound = new SampleStore();
  private readonly cutter = new UtteranceCutter();
  /** Voiced spans that wait for the other channel to reach past their end. */
  private undecided: VoicedSpan[] = [];
  private readonly closed: UtteranceSpan[] = [];
  private ended = false;

  constructor(
    readonly channel: number,
    private readonly detector: VoiceDetector,
  ) {}

  feed(samples: Float32Array): void {
    this.sound.append(samples);
    this.undecided.push(...this.detector.accept(samples));
  }

  end(): void {
    this.undecided.push(...this.detector.flush());
    this.ended = true;
  }

  /** Takes the spans that are settled, by comparing with the other channel where there is one. */
  advance(other: ChannelTrack | null): void {
    while (this.undecided[0] && this.canDecide(this.undecided[0], other)) {
      const span = this.undecided.shift() as VoicedSpan;
      if (!other || !this.hearsOther(span, other)) this.push(this.cutter.add(span));
    }
    if (this.ended) this.push(this.cutter.flush(this.sound.end));
    else this.push(this.cutter.settle(this.settled));
  }

  /** The next utterance, if it is complete. */
  get next(): UtteranceSpan | null {
    return this.closed[0] ?? null;
  }

  take(): void {
    this.closed.shift();
  }

  /** No utterance that was not taken yet starts before this sample. */
  get earliest(): number {
    return this.closed[0]?.start ?? this.earliestOpen;
  }

  forgetBefore(position: number): void {
    this.sound.forget(Math.min(position, this.earliestOpen, this.closed[0]?.start ?? position) - MARGIN);
  }

  private get earliestOpen(): number {
    return this.cutter.earliest(this.ended ? Number.POSITIVE_INFINITY : this.settled);
  }

  private get settled(): number {
    return this.undecided[0]?.start ?? this.detector.settledUntil;
  }

  private canDecide(span: VoicedSpan, other: ChannelTrack | null): boolean {
    return other === null || this.ended || other.sound.end >= span.end + MARGIN;
  }

  private hearsOther({ start, end }: VoicedSpan, other: ChannelTrack): boolean {
    const from = Math.floor(start / LEVEL_STEP) * LEVEL_STEP;
    const own = levelsOf(this.sound.slice(from, end));
    const length = own.length * LEVEL_STEP;
    return isBleed(own, levelsOf(other.sound.slice(from - BLEED_SHIFT, from + length + BLEED_SHIFT)));
  }

  private push(span: UtteranceSpan | null): void {
    if (span) this.closed.push(span);
  }
}
