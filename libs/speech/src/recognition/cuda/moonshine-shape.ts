import { SAMPLE_RATE } from '../../audio/opened-audio.js';

/** Rows after each of the three convolutions. */
export type StemRows = readonly [first: number, second: number, frames: number];

const CONVOLUTIONS = [
  { kernel: 127, stride: 64 },
  { kernel: 7, stride: 3 },
  { kernel: 3, stride: 2 },
] as const;

/** Room for one utterance: 30 s, as every recogniser takes, and a little. */
export const LONGEST_SAMPLES = 32 * SAMPLE_RATE;
/** Samples from one encoder frame to the next. */
const FRAME_SAMPLES = 384;
/** The CPU engine's bound on a text that does not end by itself. */
const TOKENS_PER_SECOND = 15;

export function stemRows(samples: number): StemRows {
  const [first, second, third] = CONVOLUTIONS;
  const after = (rows: number, { kernel, stride }: { kernel: number; stride: number }) => Math.max(0, Math.floor((rows - kernel) / stride) + 1);
  const rows = after(samples, first);
  return [rows, after(rows, second), after(after(rows, second), third)];
}

export function tokenLimit(frames: number): number {
  return Math.floor(((frames * FRAME_SAMPLES) / SAMPLE_RATE) * TOKENS_PER_SECOND);
}
