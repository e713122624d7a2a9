import { describe, expect, it } from '@jest/globals';
import { noise } from '../../testing/sounds.js';
import { EncoderBatch } from './encoder-batch.js';
import { stemRows } from './moonshine-shape.js';

/** Rows of a table of the batch: inputStart, inputRows, rows, outputStart, slot. */
function tableAt(batch: EncoderBatch, index: number, count: number): number[][] {
  const from = index * count * 5;
  return Array.from({ length: count }, (_, row) => [...batch.tables.subarray(from + row * 5, from + row * 5 + 5)]);
}

describe('EncoderBatch', () => {
  const [long, short] = [noise(40_560, 0.1), noise(20_001, 0.1)];
  const batch = new EncoderBatch([{ slot: 3, samples: long }, { slot: 1, samples: short }], 416);
  const [longRows, shortRows] = [stemRows(long.length), stemRows(short.length)];

  it('packs the samples one after another, each where 16 bytes can be read at once', () => {
    const start = tableAt(batch, 0, 2)[1]?.[0] ?? -1;
    expect(start % 64).toBe(0);
    expect(start).toBeGreaterThanOrEqual(long.length);
    expect(batch.samples.subarray(start, start + short.length)).toEqual(short);
    expect(batch.samples.subarray(0, long.length)).toEqual(long);
  });

  it('has each stage begin where the one before has put its rows', () => {
    expect(tableAt(batch, 1, 2)).toEqual([
      [0, longRows[0], longRows[1], 0, 3],
      [longRows[0] * 416, shortRows[0], shortRows[1], longRows[1], 1],
    ]);
    expect(tableAt(batch, 2, 2)[1]).toEqual([longRows[1] * 832, shortRows[1], shortRows[2], longRows[2], 1]);
    expect(tableAt(batch, 3, 2)[1]).toEqual([longRows[2] * 416, shortRows[2], shortRows[2], longRows[2], 1]);
  });

  it('tells how many rows there are', () => {
    expect(batch.totalFrames).toBe(longRows[2] + shortRows[2]);
    expect(batch.frames(0n)).toEqual({ table: 120n, count: 2, most: longRows[2] });
    expect(batch.everything(0n)).toEqual({ table: 160n, count: 1, most: batch.totalFrames });
    expect(batch.members).toEqual([{ slot: 3, frames: longRows[2] }, { slot: 1, frames: shortRows[2] }]);
  });
});
