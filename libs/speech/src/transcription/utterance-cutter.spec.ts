import { describe, expect, it } from '@jest/globals';
import { seconds } from '../testing/sounds.js';
import { UtteranceCutter } from './utterance-cutter.js';

const span = (from: number, to: number) => ({ start: seconds(from), end: seconds(to) });

describe('UtteranceCutter', () => {
  it('joins neighbours within two seconds and parts those further away', () => {
    const cutter = new UtteranceCutter();
    expect(cutter.add(span(1, 3))).toBeNull();
    expect(cutter.add(span(4.9, 6))).toBeNull();
    expect(cutter.add(span(8.1, 9))).toMatchObject({ start: seconds(1), end: seconds(6), voiced: [span(1, 3), span(4.9, 6)] });
  });

  it('never joins beyond twenty seconds', () => {
    const cutter = new UtteranceCutter();
    cutter.add(span(0, 12));
    expect(cutter.add(span(12.5, 20.5))).toMatchObject({ end: seconds(12) });
  });

  it('pads by 0.2 s, but no further than half way to the neighbour, nor beyond the recording', () => {
    const cutter = new UtteranceCutter();
    cutter.add(span(0.1, 15));
    expect(cutter.add(span(15.2, 25))).toMatchObject({ paddedStart: seconds(0.05), paddedEnd: seconds(15.1) });
    expect(cutter.flush(seconds(25.05))).toMatchObject({ paddedStart: seconds(15.1), paddedEnd: seconds(25.05) });
  });

  it('closes as soon as nothing can be joined any more', () => {
    const cutter = new UtteranceCutter();
    cutter.add(span(1, 2));
    expect(cutter.settle(seconds(3.9))).toBeNull();
    expect(cutter.earliest(seconds(3.9))).toBe(seconds(1));
    expect(cutter.settle(seconds(4))).toMatchObject({ end: seconds(2) });
    expect(cutter.earliest(seconds(4))).toBe(seconds(4));
    expect(cutter.flush(seconds(9))).toBeNull();
  });
});
