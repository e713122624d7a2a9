import { describe, expect, it } from '@jest/globals';
import { babble, joined, noise, seconds, silence } from '../testing/sounds.js';
import { BLEED_SHIFT, isBleed } from './bleed.js';
import { levelsOf } from './levels.js';

const LENGTH = seconds(3);
const around = (samples: Float32Array) => levelsOf(joined(silence(BLEED_SHIFT), samples, silence(BLEED_SHIFT)));

/** What a microphone picks up of a loudspeaker: later, softer, with some noise of its own. */
function echo(samples: Float32Array, gain: number, delay: number): Float32Array {
  const floor = noise(samples.length, 0.0005, 9);
  return samples.map((_, i) => gain * (samples[i - delay] ?? 0) + (floor[i] ?? 0));
}

describe('isBleed', () => {
  const voice = babble(LENGTH, 0.4, 3);

  it.each([0, 0.05, 0.15, 0.28])('knows the other channel again %d s later', (delay) => {
    expect(isBleed(levelsOf(echo(voice, 0.15, seconds(delay))), around(voice))).toBe(true);
  });

  it('leaves two different voices alone, soft or not', () => {
    for (let seed = 10; seed < 30; seed += 1) expect(isBleed(levelsOf(babble(LENGTH, 0.1, seed)), around(voice))).toBe(false);
  });

  it('leaves the louder copy alone: that is the speaker', () => {
    expect(isBleed(levelsOf(voice), around(echo(voice, 0.15, 0)))).toBe(false);
  });

  it('decides nothing on a moment', () => {
    expect(isBleed(levelsOf(voice.subarray(0, 2000)), around(voice.subarray(0, 2000)))).toBe(false);
  });
});
