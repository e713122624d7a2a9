import { afterEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { wordErrorRate } from '../../bench/word-error-rate.js';
import { hasGpu } from '../../testing/has-gpu.js';
import { conversationTurns, decodeFile, shortSpeech } from '../../testing/samples.js';
import { modelDir } from '../../testing/model-dir.js';
import { sample, seconds } from '../../testing/sounds.js';
import { describeRecognizer } from '../recognizer.contract.js';
import { NoCudaDeviceError } from './cuda-driver.js';
import { CudaMoonshineRecognizer, GpuFailedError } from './cuda-moonshine-recognizer.js';

const thread = new URL('../../testing/scripted-cuda-thread.mjs', import.meta.url);

const utterance = (first: number) => new Float32Array(seconds(1)).fill(first);

describe('CudaMoonshineRecognizer', () => {
  let recognizer: CudaMoonshineRecognizer | null = null;
  const scripted = async (slots = 4, patienceMs = 60_000) =>
    (recognizer = await CudaMoonshineRecognizer.load(modelDir(), 'base', { slots, entry: thread, patienceMs }));

  afterEach(async () => {
    await recognizer?.close();
    recognizer = null;
  });

  it('says what it runs on', async () => {
    expect(await scripted()).toMatchObject({ name: 'moonshine-base', device: 'Scripted GPU', slots: 4 });
  });

  it('says in one line why there is no GPU', async () => {
    await expect(scripted(0)).rejects.toEqual(new NoCudaDeviceError('There is no NVIDIA GPU'));
  });

  it('rejects all that is in flight when the device fails, and starts it anew for the next', async () => {
    const { recognize } = bound(await scripted());
    const inFlight = await Promise.allSettled([recognize(2), recognize(2)]);
    expect(inFlight.map((each) => each.status === 'rejected' && each.reason instanceof GpuFailedError && each.reason.retryable)).toEqual([true, true]);
    await expect(recognize(1)).resolves.toHaveProperty('text');
  });

  it('rejects when the thread dies without a word', async () => {
    const { recognize } = bound(await scripted());
    await expect(recognize(3)).rejects.toBeInstanceOf(GpuFailedError);
    await expect(recognize(1)).resolves.toHaveProperty('text');
  });

  it('rejects when the device gives no answer', async () => {
    const { recognize } = bound(await scripted(4, 100));
    await expect(recognize(4)).rejects.toThrow('The GPU failed: it does not answer');
  });

  it('says that it is unusable once the device is lost for good, and that it works when it is back', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'auscult-lost-gpu-'));
    for (const name of await readdir(modelDir())) await symlink(join(modelDir(), name), join(dir, name));
    recognizer = await CudaMoonshineRecognizer.load(dir, 'base', { slots: 4, entry: thread });
    const { recognize } = bound(recognizer);
    await writeFile(join(dir, 'no-gpu'), '');
    await expect(recognize(2)).rejects.toBeInstanceOf(GpuFailedError);
    for (const failed of [0, 1, 2]) {
      expect([failed, recognizer.unusable]).toEqual([failed, null]);
      await expect(recognize(1)).rejects.toBeInstanceOf(NoCudaDeviceError);
    }
    expect(recognizer.unusable).toEqual(new NoCudaDeviceError('There is no NVIDIA GPU'));
    await rm(join(dir, 'no-gpu'));
    await expect(recognize(1)).resolves.toHaveProperty('text');
    expect(recognizer.unusable).toBeNull();
    await rm(dir, { recursive: true });
  });

  it('refuses what is longer than its room', async () => {
    await expect((await scripted()).recognize(new Float32Array(seconds(33)))).rejects.toBeInstanceOf(RangeError);
  });

  it('rejects where the model is missing', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'auscult-no-model-'));
    await expect(CudaMoonshineRecognizer.load(empty, 'base', { entry: thread })).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

function bound(recognizer: CudaMoonshineRecognizer) {
  return { recognize: (first: number) => recognizer.recognize(utterance(first)) };
}

if (hasGpu()) {
  const create = () => CudaMoonshineRecognizer.load(modelDir(), 'base', { slots: 4 });
  describeRecognizer('CudaMoonshineRecognizer', { create, speech: async () => (await shortSpeech()).samples });

  describe('CudaMoonshineRecognizer on the GPU', () => {
    it('knows the words of the bundled sample', async () => {
      const recognizer = await create();
      const { samples, words } = await shortSpeech();
      expect(wordErrorRate(words, (await recognizer.recognize(samples)).text).rate).toBeLessThan(0.1);
      await recognizer.close();
    });

    it('gives a text that does not depend on who it is decoded with', async () => {
      const recognizer = await create();
      const channels = await decodeFile(sample('conversation.ogg'));
      const turns = (await conversationTurns()).slice(0, 12);
      const pieces = turns.map(({ channel, startMs, endMs }) => (channels[channel] ?? new Float32Array()).subarray(startMs * 16, endMs * 16));
      const together = await Promise.all(pieces.map((piece) => recognizer.recognize(piece)));
      for (const [at, piece] of pieces.entries()) expect(await recognizer.recognize(piece)).toEqual(together[at]);
      await recognizer.close();
    });
  });
} else {
  describe.skip('CudaMoonshineRecognizer on the GPU: skipped, there is no NVIDIA GPU here', () => {
    it('passes the contract of recognisers', () => undefined);
  });
}
