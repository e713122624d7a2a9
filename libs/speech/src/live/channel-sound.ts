import { BLEED_SHIFT, isBleed } from '../transcription/bleed.js';
import { LEVEL_STEP, levelsOf } from '../transcription/levels.js';
import type { SampleStore } from '../transcription/sample-store.js';
import type { VoicedSpan } from '../detection/voice-detector.js';

/** How far past the end of a span the other channel must be known before the span can be judged. */
export const BLEED_REACH = BLEED_SHIFT + 2 * LEVEL_STEP;

/** The sound of one channel from one checkpoint on, beside that of the other channel. Knows nothing from before the checkpoint. */
export class ChannelSound {
  constructor(
    private readonly own: SampleStore,
    private readonly other: SampleStore | null,
    readonly from: number,
  ) {}

  get end(): number {
    return this.own.end;
  }

  get hasOther(): boolean {
    return this.other !== null;
  }

  slice(from: number, until: number): Float32Array {
    return this.own.slice(Math.max(from, this.from), until);
  }

  /** Fills `target` with what is known from `from` on. */
  fill(target: Float32Array, from: number): Float32Array {
    return this.own.fill(target, from);
  }

  /**
   * Whether a span is the other channel heard softly. The other channel before the checkpoint counts as silence, so that the answer
   * does not depend on what a restarted transcriber was given from there.
   */
  isBleed({ start, end }: VoicedSpan): boolean {
    if (!this.other) return false;
    const first = start - ((start - this.from) % LEVEL_STEP);
    const own = levelsOf(this.own.slice(first, end));
    const from = first - BLEED_SHIFT;
    const known = Math.max(from, this.from);
    const around = new Float32Array(own.length * LEVEL_STEP + 2 * BLEED_SHIFT);
    around.set(this.other.slice(known, from + around.length), known - from);
    return isBleed(own, levelsOf(around));
  }
}
