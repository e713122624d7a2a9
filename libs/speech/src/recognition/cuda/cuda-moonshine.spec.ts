import { describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { modelPaths } from '../../models/model-registry.js';
import { hasGpu } from '../../testing/has-gpu.js';
import { modelDir } from '../../testing/model-dir.js';
import { MoonshineReference } from '../../testing/moonshine-reference.js';
import { shortSpeech } from '../../testing/samples.js';
import { seconds } from '../../testing/sounds.js';
import { CudaDriver } from './cuda-driver.js';
import { CudaMoonshine } from './cuda-moonshine.js';
import { readMoonshineWeights } from './moonshine-weights.js';

/** How far the numbers are from the expected ones, as a part of their size. */
function relativeError(numbers: Float32Array, expected: Float32Array): number {
  const size = (values: Float32Array) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
  return size(numbers.map((value, at) => value - (expected[at] ?? NaN))) / size(expected);
}

const gpu = hasGpu();

(gpu ? describe : describe.skip)(`CudaMoonshine${gpu ? '' : ': skipped, there is no NVIDIA GPU here'}`, () => {
  it('computes what the plain reference computes', async () => {
    const { encoder, decoder } = modelPaths('base', modelDir());
    const weights = await readMoonshineWeights(encoder, decoder);
    const samples = (await shortSpeech()).samples.slice(0, seconds(1.2));
    const reference = new MoonshineReference(weights);
    const encoded = reference.encode(samples);
    const driver = CudaDriver.open();
    const moonshine = new CudaMoonshine(driver, await readFile(new URL('../../../kernels/moonshine.ptx', import.meta.url), 'latin1'), weights, 2);
    moonshine.encode([{ slot: 1, samples }]);
    expect(relativeError(moonshine.peek('normed', encoded.data.length), encoded.data)).toBeLessThan(1e-4);
    const [progress] = moonshine.decode([1], 2);
    expect([...(progress?.tokens ?? [])]).toEqual(reference.decode(encoded, 2));
    driver.close();
  }, 180_000);
});
