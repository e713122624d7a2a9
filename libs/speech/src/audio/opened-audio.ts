/** Every stage of this library works on this many samples per second and channel. */
export const SAMPLE_RATE = 16_000;

/** Audio that is being decoded. `frames` can be read once; closing early is safe and ends it. */
export interface OpenedAudio {
  /** As found in the content, such as `audio/mpeg`; what the file was called plays no part. */
  readonly mediaType: string;
  /** Two where both channels differ; a recording with the same sound on both has one. */
  readonly channelCount: 1 | 2;
  /** As the container announces it; null where it does not say. */
  readonly durationMs: number | null;
  /** Stretches of 16 kHz sound in order, one array of equal length per channel, samples between -1 and 1. */
  readonly frames: AsyncIterable<Float32Array[]>;
  /** Once `frames` has ended: whether the file ended early or some of it could not be read. */
  readonly truncated: boolean;
  close(): Promise<void>;
}
