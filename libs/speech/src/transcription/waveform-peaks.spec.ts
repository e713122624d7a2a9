import { describe, expect, it } from '@jest/globals';
import { seconds, tone } from '../testing/sounds.js';
import { WaveformPeaks } from './waveform-peaks.js';

describe('WaveformPeaks', () => {
  it('keeps the largest amplitude of every 20 ms of each channel', () => {
    const peaks = new WaveformPeaks(2);
    const left = new Float32Array(1000);
    left[330] = -0.5;
    peaks.add([left.subarray(0, 500), tone(500, 1000, 1)]);
    peaks.add([left.subarray(500), tone(500, 1000, 1)]);
    const { binMs, peaks: [first, second] } = peaks.finish();
    expect(binMs).toBe(20);
    expect([...first!]).toEqual([0, 128, 0, 0]);
    expect(second).toHaveLength(4);
    expect(second![0]).toBe(255);
  });

  it('stays small however long the recording is, and right', () => {
    const peaks = new WaveformPeaks(1);
    const second = new Float32Array(seconds(1));
    const loud = second.slice();
    loud[5] = 1;
    for (let i = 0; i < 1200; i += 1) peaks.add([i === 900 ? loud : second]);
    const { binMs, peaks: [all] } = peaks.finish();
    expect(all!.length).toBeLessThanOrEqual(16_384);
    expect(all!.length * binMs).toBeGreaterThanOrEqual(1_200_000);
    expect(all!.indexOf(255)).toBe(Math.floor(900_000 / binMs));
  });
});
