import { describe, expect, it } from '@jest/globals';
import type { MoonshineDevice, SlotInput, SlotProgress } from './moonshine-device.js';
import { DecodingLoop } from './decoding-loop.js';

/** Takes as many rounds for an utterance as its first sample says, and answers with its length. */
class FakeDevice implements MoonshineDevice {
  readonly batchSamples = 100;
  readonly batches: number[][] = [];
  readonly rows: number[] = [];
  failAt = Infinity;
  private readonly left = new Map<number, { rounds: number; answer: number }>();

  constructor(readonly slots: number) {}

  encode(inputs: readonly SlotInput[]): void {
    this.batches.push(inputs.map(({ samples }) => samples.length));
    for (const { slot, samples } of inputs) this.left.set(slot, { rounds: samples[0] ?? 0, answer: samples.length });
  }

  decode(slots: readonly number[]): SlotProgress[] {
    this.rows.push(slots.length);
    if (this.rows.length >= this.failAt) throw new Error('device lost');
    return slots.map((slot) => {
      const state = this.left.get(slot) ?? { rounds: 0, answer: -1 };
      state.rounds -= 1;
      return { slot, done: state.rounds <= 0, tokens: Int32Array.of(state.answer) };
    });
  }
}

const utterance = (rounds: number, length: number) => new Float32Array(length).fill(rounds);

function run(device: FakeDevice) {
  const heard: [id: number, token: number | undefined][] = [];
  const failures: unknown[] = [];
  const loop = new DecodingLoop(device, (id, tokens) => heard.push([id, tokens[0]]), (error) => failures.push(error));
  return { loop, heard, failures };
}

describe('DecodingLoop', () => {
  it('decodes together what has come together, as far as there are slots', async () => {
    const device = new FakeDevice(2);
    const { loop, heard } = run(device);
    for (let id = 1; id <= 3; id += 1) loop.add(id, utterance(1, 10 + id));
    await loop.idle();
    expect(device.batches).toEqual([[11, 12], [13]]);
    expect(heard).toEqual([[1, 11], [2, 12], [3, 13]]);
  });

  it('gives a slot that is free to whoever waits while others are still decoded', async () => {
    const device = new FakeDevice(2);
    const { loop, heard } = run(device);
    loop.add(1, utterance(4, 11));
    loop.add(2, utterance(1, 12));
    loop.add(3, utterance(1, 13));
    await loop.idle();
    expect(heard).toEqual([[2, 12], [3, 13], [1, 11]]);
    expect(Math.max(...device.rows)).toBe(2);
  });

  it('encodes no more at once than there is room for', async () => {
    const device = new FakeDevice(8);
    const { loop, heard } = run(device);
    for (let id = 1; id <= 4; id += 1) loop.add(id, utterance(1, 45));
    await loop.idle();
    expect(device.batches).toEqual([[45, 45], [45, 45]]);
    expect(heard).toHaveLength(4);
  });

  it('takes up again after it was idle', async () => {
    const { loop, heard } = run(new FakeDevice(1));
    loop.add(1, utterance(1, 11));
    await loop.idle();
    loop.add(2, utterance(1, 12));
    await loop.idle();
    expect(heard).toEqual([[1, 11], [2, 12]]);
  });

  it('tells of a failure and stops', async () => {
    const device = new FakeDevice(2);
    device.failAt = 2;
    const { loop, heard, failures } = run(device);
    loop.add(1, utterance(3, 11));
    await loop.idle();
    expect(failures).toEqual([new Error('device lost')]);
    expect(heard).toEqual([]);
  });
});
