import { describe, expect, it } from '@jest/globals';
import type { UtteranceEvent } from '@auscult/speech';
import { UtteranceBatches } from './utterance-batches.js';

function utterance(index: number): UtteranceEvent {
  return { kind: 'utterance', index, channel: 0, startMs: index, endMs: index + 1, text: 'x', words: [], wordTiming: 'estimated' };
}

describe('UtteranceBatches', () => {
  it('saves the first at once and what comes meanwhile together, in order', async () => {
    const saved: number[][] = [];
    const batches = new UtteranceBatches(async (batch) => void saved.push(batch.map(({ index }) => index)), () => undefined);
    await batches.add(utterance(0));
    expect(saved).toEqual([[0]]);
    for (let index = 1; index < 5; index += 1) await batches.add(utterance(index));
    await batches.finish();
    expect(saved).toEqual([[0], [1, 2, 3, 4]]);
  });

  it('never runs two saves at once', async () => {
    let running = 0;
    let most = 0;
    const saved: number[] = [];
    const batches = new UtteranceBatches(async (batch) => {
      most = Math.max(most, (running += 1));
      await new Promise((resolve) => setImmediate(resolve));
      saved.push(...batch.map(({ index }) => index));
      running -= 1;
    }, () => undefined);
    for (let index = 0; index < 300; index += 1) await batches.add(utterance(index));
    await batches.finish();
    expect(most).toBe(1);
    expect(saved).toEqual(Array.from({ length: 300 }, (_, index) => index));
  });

  it('makes the recogniser wait when the database is slow', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const batches = new UtteranceBatches(() => held, () => undefined);
    let added = 0;
    const producer = (async () => {
      for (; added < 200; added += 1) await batches.add(utterance(added));
    })();
    for (let turns = 0; turns < 500; turns += 1) await Promise.resolve();
    expect(added).toBeLessThan(100);
    release();
    await producer;
    await batches.finish();
    expect(added).toBe(200);
  });

  it('tells of a failure and saves nothing after it', async () => {
    const failures: unknown[] = [];
    const saved: number[] = [];
    const batches = new UtteranceBatches(async (batch) => {
      if (batch[0]?.index === 0) throw new Error('no');
      saved.push(batch.length);
    }, (error) => failures.push(error));
    await batches.add(utterance(0));
    await batches.add(utterance(1));
    await batches.finish();
    expect(failures).toEqual([new Error('no')]);
    expect(saved).toEqual([]);
  });
});
