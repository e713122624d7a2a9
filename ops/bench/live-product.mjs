// The whole product with one speech model, in a data folder of its own, for as long as a measurement takes.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRun } from '../launcher/data-folder.mjs';
import { signIn } from '../live/account.mjs';
import { Clinicians } from './live-clinicians.mjs';
import { ProductProcesses } from './live-processes.mjs';
import { sumOf } from './live-statistics.mjs';
import { startStack } from './stack.mjs';

/**
 * Live sessions are heard by `liveModel`. Calls `work({ user, clinicians, processes, liveCounter, modelDir, folder })` while the product runs with `model`. `liveCounter(name)` is the
 * sum of one of the live process's metrics, `folder` is for scratch files and goes with the product.
 */
export async function withProduct(model, work, liveModel = model) {
  const folder = await mkdtemp(join(tmpdir(), 'auscult-bench-live-'));
  Object.assign(process.env, { AUSCULT_MODEL: model, AUSCULT_LIVE_MODEL: liveModel });
  const dataDir = join(folder, 'data');
  try {
    const stack = await startStack(dataDir);
    try {
      const run = readRun(dataDir);
      const user = await signIn(stack.url, stack.email, stack.password);
      const processes = new ProductProcesses(run);
      const liveCounter = (name) => readCounter(run.metrics.live, name);
      return await work({ user, clinicians: new Clinicians(stack), processes, liveCounter, modelDir: stack.modelDir, folder });
    } finally {
      await stack.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function readCounter(port, name) {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return sumOf(text, name);
}
