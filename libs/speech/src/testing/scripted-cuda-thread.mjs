/**
 * Stands in for the thread that owns the GPU. The first sample of an utterance says what happens: 1 it is heard as token 5, 2 the device
 * fails, 3 the thread dies, 4 nothing. Without slots there is no device.
 */
import { parentPort, workerData } from 'node:worker_threads';

if (workerData.slots === 0) {
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
