import { describe, expect, it } from '@jest/globals';
import { availableParallelism } from 'node:os';
import { NoCudaDeviceError } from './cuda/cuda-driver.js';
import { FakeRecognizer } from './fake-recognizer.js';
import { type RecognizerEngines, loadRecognizer } from './load-recognizer.js';

const [gpu, cpu] = [new FakeRecognizer(['on the GPU']), new FakeRecognizer(['on the CPU'])];
const none = new NoCudaDeviceError('There is no NVIDIA GPU');

function engines(cuda: RecognizerEngines['cuda']): RecognizerEngines {
  return { cuda, cpu: () => Promise.resolve(cpu) };
}
const withGpu = engines(() => Promise.resolve({ recognizer: gpu, device: 'Some GPU', slots: 32 }));
const without = engines(() => Promise.reject(none));
const onCpu = { recognizer: cpu, device: 'cpu', parallel: availableParallelism() };

describe('loadRecognizer', () => {
  it('takes a GPU where there is one, and as many decodes as it takes together', async () => {
    for (const device of ['auto', 'cuda'] as const) {
      expect(await loadRecognizer('models', 'base', device, withGpu)).toEqual({ recognizer: gpu, device: 'Some GPU', parallel: 32 });
    }
  });

  it('takes the CPU where it was asked for', async () => {
    expect(await loadRecognizer('models', 'base', 'cpu', withGpu)).toEqual(onCpu);
  });

  it('takes the CPU without a word where there is no GPU', async () => {
    expect(await loadRecognizer('models', 'base', 'auto', without)).toEqual(onCpu);
  });

  it('takes the CPU and tells why where the GPU does not work', async () => {
    const failure = new Error('out of memory');
    expect(await loadRecognizer('models', 'base', 'auto', engines(() => Promise.reject(failure)))).toEqual({ ...onCpu, gpuFailure: failure });
  });

  it('never takes the CPU where a GPU was asked for', async () => {
    await expect(loadRecognizer('models', 'base', 'cuda', without)).rejects.toBe(none);
  });
});
