import { readFile } from 'node:fs/promises';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { modelPaths } from '../../models/model-registry.js';
import { CudaDriver, NoCudaDeviceError } from './cuda-driver.js';
import { CudaMoonshine } from './cuda-moonshine.js';
import type { CudaWorkerData, FromCudaWorker, ToCudaWorker } from './cuda-worker-wire.js';
import { DecodingLoop } from './decoding-loop.js';
import { readMoonshineWeights } from './moonshine-weights.js';

/** From the sources and from the build alike. */
const KERNELS = new URL('../../../kernels/moonshine.ptx', import.meta.url);

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** This thread owns the device: its calls into the driver wait for the GPU and would hold up the event loop of the process. */
async function serve(port: MessagePort, { dir, model, slots }: CudaWorkerData): Promise<void> {
  const post = (message: FromCudaWorker, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);
  const driver = CudaDriver.open();
  // Whatever goes wrong from here on, the device is given back and the thread ends; a new one may start afresh.
  const fail = (error: unknown) => {
    driver.close();
    post({ type: 'failed', reason: reasonOf(error) });
    port.close();
  };
  try {
    const { encoder, decoder } = modelPaths(model, dir);
    const [ptx, weights] = await Promise.all([readFile(KERNELS, 'latin1'), readMoonshineWeights(encoder, decoder)]);
    const moonshine = new CudaMoonshine(driver, ptx, weights, slots);
    const loop = new DecodingLoop(moonshine, (id, tokens) => post({ type: 'tokens', id, tokens }, [tokens.buffer as ArrayBuffer]), fail);
    port.on('message', (message: ToCudaWorker) => {
      if (message.type === 'recognize') loop.add(message.id, message.samples);
      else void loop.idle().then(() => (driver.close(), port.close()));
    });
    post({ type: 'ready', device: driver.deviceName, slots: moonshine.slots });
  } catch (error) {
    fail(error);
  }
}

if (parentPort) {
  const port = parentPort;
  try {
    await serve(port, workerData as CudaWorkerData);
  } catch (error) {
    const type = error instanceof NoCudaDeviceError ? 'unusable' : 'failed';
    port.postMessage({ type, reason: reasonOf(error) } satisfies FromCudaWorker);
    port.close();
  }
}
