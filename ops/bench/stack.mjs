// Starts the product as `npm start` does, with the machine's Redis where there is one, in a data folder of its own, and stops it again.
import { join } from 'node:path';
import { readRun } from '../launcher/data-folder.mjs';
import { startProduct } from '../testing/product.mjs';

/** { url, workerPid, modelDir, email, password, stop() }; the demo's first clinician owns what the benchmark uploads. */
export async function startStack(dataDir) {
  const modelDir = process.env.AUSCULT_MODEL_DIR ?? join(dataDir, 'models');
  const { environment, stop } = await startProduct({ dataDir, modelDir, say: (text) => console.error(text), settings: { AUSCULT_REDIS: process.env.AUSCULT_REDIS ?? 'auto' } });
  return {
    url: environment.AUSCULT_URL,
    workerPid: readRun(dataDir).processes.worker.pid,
    modelDir,
    email: 'clinician1@demo.auscult.local',
    password: environment.AUSCULT_DEMO_PASSWORD,
    stop,
  };
}
