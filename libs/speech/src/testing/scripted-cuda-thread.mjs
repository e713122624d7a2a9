/**
 * Stands in for the thread that owns the GPU. The first sample of an utterance says what happens: 1 it is heard as token 5, 2 the device
 * fails, 3 the thread dies, 4 nothing. Without slots there is no device; nor is there while a file `no-gpu` lies in the model's folder.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';

if (workerData.slots === 0 || existsSync(join(workerData.dir, 'no-gpu'))) {
  parentPort.postMessage({ type: 'unusable', reason: 'There is no NVIDIA GPU' });
} else {
  parentPort.on('message', ({ type, id, samples }) => {
    if (type === 'close') parentPort.close();
    else if (samples[0] === 1) parentPort.postMessage({ type: 'tokens', id, tokens: Int32Array.of(5) });
    else if (samples[0] === 2) parentPort.postMessage({ type: 'failed', reason: 'out of memory' });
    else if (samples[0] === 3) process.exit(1);
  });
  parentPort.postMessage({ type: 'ready', device: 'Scripted GPU', slots: workerData.slots });
}
