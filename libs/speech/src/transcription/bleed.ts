import { LEVEL_STEP, meanLevel } from './levels.js';

/** How much earlier or later a channel may pick up the other one: two buffers of a telephony system. */
export const BLEED_SHIFT = 30 * LEVEL_STEP;
const SHIFT_STEPS = BLEED_SHIFT / LEVEL_STEP;
/** A copy is this much quieter at least; two people who speak at once differ less, or move differently. */
const QUIETER_DB = 6;
/**
 * How alike the loudness of both channels must move (correlation at the best shift). Chosen on made echoes, not yet on rooms with a
 * loudspeaker.
 */
const ALIKE = 0.75;
/** Shorter stretches are alike by chance. */
const FEWEST_STEPS = 30;

function correlation(a: Float32Array, b: Float32Array): number {
  const meanOf = (levels: Float32Array) => levels.reduce((sum, level) => sum + level, 0) / levels.length;
  const meanA = meanOf(a);
  const meanB = meanOf(b);
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < a.length; i += 1) {
    const da = (a[i] as number) - meanA;
    const db = (b[i] as number) - meanB;
    ab += da * db;
    aa += da * da;
    bb += db * db;
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0;
}

/** The floor keeps the silence between words from counting as likeness or difference. */
function aboveFloor(levels: Float32Array): Float32Array {
  const floor = levels.reduce((most, level) => Math.max(most, level), -120) - 30;
  return levels.map((level) => Math.max(level, floor));
}

/**
 * Whether a stretch of one channel is the other channel heard softly: its levels (10 ms each) against those of the other,
 * which begin and end 300 ms further out.
 */
export function isBleed(own: Float32Array, other: Float32Array): boolean {
  if (own.length < FEWEST_STEPS || other.length < own.length + 2 * SHIFT_STEPS) return false;
  const shape = aboveFloor(own);
  const otherShape = aboveFloor(other);
  let best = 0;
  let bestShift = 0;
  for (let shift = 0; shift <= 2 * SHIFT_STEPS; shift += 1) {
    const alike = correlation(shape, otherShape.subarray(shift, shift + shape.length));
    if (alike > best) [best, bestShift] = [alike, shift];
  }
  const quieterBy = meanLevel(other.subarray(bestShift, bestShift + own.length)) - meanLevel(own);
  return best >= ALIKE && quieterBy >= QUIETER_DB;
}
