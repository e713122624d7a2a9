// The whole product with one speech model, in a data folder of its own, for as long as a measurement takes.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readRun } from '../launcher/data-folder.mjs';
import { signIn } from '../live/account.mjs';
import { Clinicians } from './live-clinicians.mjs';
import { ProductProcesses } from './live-processes.mjs';
import { sumOf } from './live-statistics.mjs';
import { startStack } from './stack.mjs';

/** Jobs that are not done after so long are no longer waited for. */
const JOBS_TAKE_MS = 60_000;

/**
 * Live sessions are heard by `liveModel`. Calls `work({ user, clinicians, processes, liveCounter, jobsDone, modelDir, folder })` while the product runs with `model`. `liveCounter(name)` is the
 * sum of one of the live process's metrics, `jobsDone()` waits until the queues are empty, `folder` is for scratch files and goes with the product.
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
      const jobsDone = () => emptied(() => readCounter(run.metrics.worker, 'auscult_queue_jobs'));
      return await work({ user, clinicians: new Clinicians(stack), processes, liveCounter, jobsDone, modelDir: stack.modelDir, folder });
    } finally {
      await stack.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function emptied(countJobs) {
  const deadline = performance.now() + JOBS_TAKE_MS;
  while ((await countJobs()) > 0 && performance.now() < deadline) await delay(200);
}

async function readCounter(port, name) {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return sumOf(text, name);
}
