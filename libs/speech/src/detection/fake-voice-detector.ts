import { VoiceDetector, type VoicedSpan } from './voice-detector.js';

/** Answers the spans of its script (in samples) as soon as their end was fed. */
export class FakeVoiceDetector extends VoiceDetector {
  private fed = 0;
  private next = 0;

  constructor(private readonly spans: readonly VoicedSpan[]) {
    super();
  }

  override accept(samples: Float32Array): VoicedSpan[] {
    this.fed += samples.length;
    return this.take(this.fed);
  }

  override flush(): VoicedSpan[] {
    const rest = this.take(Number.POSITIVE_INFINITY);
    return rest.filter(({ start }) => start < this.fed).map(({ start, end }) => ({ start, end: Math.min(end, this.fed) }));
  }

  override get settledUntil(): number {
    return Math.min(this.spans[this.next]?.start ?? this.fed, this.fed);
  }

  override get speaking(): boolean {
    return (this.spans[this.next]?.start ?? this.fed) < this.fed;
  }

  override reset(): void {
    this.fed = 0;
    this.next = 0;
  }

  private take(until: number): VoicedSpan[] {
    const taken: VoicedSpan[] = [];
    for (let span = this.spans[this.next]; span && span.end <= until; span = this.spans[this.next]) {
      taken.push(span);
      this.next += 1;
    }
    return taken;
  }
}
