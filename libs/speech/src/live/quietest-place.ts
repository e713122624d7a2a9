import { LEVEL_STEP, levelsOf } from '../transcription/levels.js';

/** A cut wants this much quiet around it: 50 ms, the closure of a consonant. */
const AROUND = 5;

/** The sample at which a cut through speech does least harm: the middle of the quietest 50 ms, the later one of equals. */
export function quietestPlace(samples: Float32Array): number {
  const levels = levelsOf(samples);
  if (levels.length < AROUND) return Math.floor(samples.length / 2);
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let first = 0; first + AROUND <= levels.length; first += 1) {
    const level = levels.subarray(first, first + AROUND).reduce((sum, each) => sum + each, 0);
    if (level <= least) [best, least] = [first, level];
  }
  return Math.round((best + AROUND / 2) * LEVEL_STEP);
}
