import { describe, expect, it } from '@jest/globals';
import { joined, noise, seconds } from '../testing/sounds.js';
import { quietestPlace } from './quietest-place.js';

describe('quietestPlace', () => {
  it('lies in the middle of the quietest moment', () => {
    const sound = joined(noise(seconds(1), 0.3), noise(seconds(0.1), 0.01), noise(seconds(0.5), 0.3), noise(seconds(0.02), 0.001), noise(seconds(0.5), 0.3));
    expect(Math.abs(quietestPlace(sound) - seconds(1.05))).toBeLessThan(seconds(0.03));
  });

  it('takes the later of two equals', () => {
    const part = joined(noise(seconds(0.5), 0.3), noise(seconds(0.1), 0.01, 2));
    expect(quietestPlace(joined(part, part))).toBeGreaterThan(seconds(1.1));
  });

  it.each([0, 100, 700])('stays inside %d samples', (length) => {
    expect(quietestPlace(noise(length, 0.1))).toBeLessThanOrEqual(length);
  });
});
