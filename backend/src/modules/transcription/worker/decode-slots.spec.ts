import { describe, expect, it } from '@jest/globals';
import { type Recognition, Recognizer } from '@auscult/speech';
import { DecodeSlots } from './decode-slots.js';

/** Decodes end when the test says so. */
class HeldRecognizer extends Recognizer {
  override readonly name = 'held';
  override readonly capabilities = { wordTimes: false };
  readonly started: { length: number; end: (text: string) => void; fail: (error: Error) => void }[] = [];

  override recognize(samples: Float32Array): Promise<Recognition> {
    return new Promise((resolve, reject) => {
      this.started.push({ length: samples.length, end: (text) => resolve({ text }), fail: reject });
    });
  }

  override async close(): Promise<void> {}
}

const audio = (length: number) => new Float32Array(length);
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('DecodeSlots', () => {
  it('runs no more decodes at once than there are slots', async () => {
    const model = new HeldRecognizer();
    const lane = new DecodeSlots(model, 2).lane();
    const all = [1, 2, 3].map((length) => lane.recognize(audio(length)));
    await turn();
    expect(model.started).toHaveLength(2);
    model.started[0]?.end('one');
    await turn();
    expect(model.started).toHaveLength(3);
    model.started[1]?.end('two');
    model.started[2]?.end('three');
    expect((await Promise.all(all)).map(({ text }) => text)).toEqual(['one', 'two', 'three']);
  });

  it('lets recordings take turns', async () => {
    const model = new HeldRecognizer();
    const slots = new DecodeSlots(model, 1);
    const [long, short] = [slots.lane(), slots.lane()];
    const work = [1, 2, 3, 4].map((length) => long.recognize(audio(length)));
    work.push(short.recognize(audio(100)), short.recognize(audio(200)));
    for (let done = 0; done < 6; done += 1) {
      await turn();
      model.started[done]?.end('');
    }
    await Promise.all(work);
    expect(model.started.map(({ length }) => length)).toEqual([1, 2, 100, 3, 200, 4]);
  });

  it('gives the slot back when a decode fails or is cancelled while it waits', async () => {
    const model = new HeldRecognizer();
    const lane = new DecodeSlots(model, 1).lane();
    const abort = new AbortController();
    const failing = lane.recognize(audio(1));
    const cancelled = lane.recognize(audio(2), { signal: abort.signal });
    const last = lane.recognize(audio(3));
    abort.abort(new Error('no longer wanted'));
    await expect(cancelled).rejects.toThrow('no longer wanted');
    await turn();
    model.started[0]?.fail(new Error('engine fault'));
    await expect(failing).rejects.toThrow('engine fault');
    await turn();
    model.started[1]?.end('done');
    expect(await last).toEqual({ text: 'done' });
    expect(model.started.map(({ length }) => length)).toEqual([1, 3]);
  });

  it('refuses what is cancelled already', async () => {
    const lane = new DecodeSlots(new HeldRecognizer(), 1).lane();
    await expect(lane.recognize(audio(1), { signal: AbortSignal.abort(new Error('over')) })).rejects.toThrow('over');
  });
});
