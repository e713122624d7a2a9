import { SAMPLE_RATE } from '../audio/opened-audio.js';

/** Levels are taken every 10 ms. */
export const LEVEL_STEP = SAMPLE_RATE / 100;
const QUIETEST_DB = -120;

/** The root mean square of each 10 ms, in dB of full scale. */
export function levelsOf(samples: Float32Array): Float32Array {
  const levels = new Float32Array(Math.floor(samples.length / LEVEL_STEP));
  for (let i = 0; i < levels.length; i += 1) {
    let energy = 0;
    for (let j = i * LEVEL_STEP; j < (i + 1) * LEVEL_STEP; j += 1) energy += (samples[j] as number) ** 2;
    levels[i] = Math.max(QUIETEST_DB, 10 * Math.log10(energy / LEVEL_STEP + 1e-12));
  }
  return levels;
}

/** The level that the given share of the levels does not reach. */
export function percentile(levels: Float32Array, share: number): number {
  if (levels.length === 0) return QUIETEST_DB;
  const sorted = Float32Array.from(levels).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] as number;
}

/** The mean energy of some levels, in dB. */
export function meanLevel(levels: Float32Array): number {
  if (levels.length === 0) return QUIETEST_DB;
  let energy = 0;
  for (const level of levels) energy += 10 ** (level / 10);
  return 10 * Math.log10(energy / levels.length + 1e-12);
}
