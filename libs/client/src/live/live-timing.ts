/** All waiting of a live session, in ms. */
export interface LiveTiming {
  /** How long the server may take to acknowledge sound; a slow link carries a message of 51 KB in it. */
  audioTimeoutMs: number;
  /** After how long without news the server is asked where it stands, while something is owed. */
  probeMs: number;
  /** First and longest pause before something that failed is tried again. */
  retryMs: number;
  retryMaxMs: number;
}

export const liveTiming: LiveTiming = { audioTimeoutMs: 8_000, probeMs: 1_000, retryMs: 250, retryMaxMs: 10_000 };

/** The pause after this many failures in a row, from 1. */
export const pauseAfter = (failures: number, timing: LiveTiming): number => Math.min(timing.retryMaxMs, timing.retryMs * 2 ** (failures - 1));
