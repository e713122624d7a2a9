/** A stretch of speech, in samples from the start of the channel. */
export interface VoicedSpan {
  readonly start: number;
  /** One past the last sample. */
  readonly end: number;
}

/** Finds where somebody speaks in one channel of 16 kHz sound, fed piece by piece. One detector per channel. */
export abstract class VoiceDetector {
  /** Feeds the next samples; answers the spans that ended within what was fed so far, in order. */
  abstract accept(samples: Float32Array): VoicedSpan[];

  /** The channel has ended: answers what is still open. */
  abstract flush(): VoicedSpan[];

  /**
   * The earliest sample at which a span that was not answered yet can start: everything before it is settled.
   */
  abstract get settledUntil(): number;

  /** Whether a span is open: somebody speaks now, or stopped less than the detector's shortest pause ago. */
  abstract get speaking(): boolean;

  /** Begins anew, exactly as a detector that was just made: positions count from 0 again. Much cheaper than making one. */
  abstract reset(): void;
}

/** Makes a detector for one channel. */
export type CreateVoiceDetector = () => VoiceDetector;
