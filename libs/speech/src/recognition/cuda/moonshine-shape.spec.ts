import { describe, expect, it } from '@jest/globals';
import { stemRows, tokenLimit } from './moonshine-shape.js';

describe('stemRows', () => {
  it('counts the windows of the three convolutions', () => {
    expect(stemRows(2.535 * 16_000)).toEqual([632, 209, 104]);
  });

  it.each([0, 126, 500])('knows that %d samples are too few for a frame', (samples) => {
    expect(stemRows(samples)[2]).toBe(0);
  });
});

describe('tokenLimit', () => {
  it('bounds a text to fifteen tokens a second', () => {
    expect(tokenLimit(125)).toBe(45);
  });
});
