import { SAMPLE_RATE } from '../audio/opened-audio.js';
import { VoiceDetector, type VoicedSpan } from './voice-detector.js';

/** Loudness is looked at every 10 ms. */
const STEP = SAMPLE_RATE / 100;
/** As in Silero's settings: the pause that ends a span, and the shortest span. */
const PAUSE = SAMPLE_RATE / 4;
const SHORTEST = SAMPLE_RATE / 10;

/**
 * Takes whatever is louder than its threshold for a voice. Needs no model: for tests of everything that is not about hearing, and
 * it finds the same spans in the same sound wherever it begins, as long as it begins in silence.
 */
export class LevelVoiceDetector extends VoiceDetector {
  private fed = 0;
  private readonly step = new Float32Array(STEP);
  private filled = 0;
  private start: number | null = null;
  private lastLoud = 0;

  constructor(private readonly threshold = 0.01) {
    super();
  }

  override accept(samples: Float32Array): VoicedSpan[] {
    const spans: VoicedSpan[] = [];
    for (let taken = 0; taken < samples.length; ) {
      const part = samples.subarray(taken, taken + STEP - this.filled);
      this.step.set(part, this.filled);
      this.filled += part.length;
      taken += part.length;
      if (this.filled === STEP) spans.push(...this.hear());
    }
    return spans;
  }

  override flush(): VoicedSpan[] {
    const end = this.fed + this.filled;
    const spans = this.close();
    this.fed = end;
    this.filled = 0;
    return spans;
  }

  override get settledUntil(): number {
    return this.start ?? this.fed;
  }

  override get speaking(): boolean {
    return this.start !== null;
  }

  override reset(): void {
    this.fed = 0;
    this.filled = 0;
    this.start = null;
  }

  private hear(): VoicedSpan[] {
    const loud = this.isLoud();
    const at = this.fed;
    this.fed += STEP;
    this.filled = 0;
    if (loud) {
      this.start ??= at;
      this.lastLoud = this.fed;
    }
    return this.start !== null && this.fed - this.lastLoud >= PAUSE ? this.close() : [];
  }

  /** An indexed loop: iterators cost ten times as much. */
  private isLoud(): boolean {
    for (let i = 0; i < STEP; i += 1) if (Math.abs(this.step[i] as number) > this.threshold) return true;
    return false;
  }

  private close(): VoicedSpan[] {
    const { start, lastLoud } = this;
    this.start = null;
    return start !== null && lastLoud - start >= SHORTEST ? [{ start, end: lastLoud }] : [];
  }
}
