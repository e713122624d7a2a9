import { parseArgs } from 'node:util';
import { fetchModel } from '../models/fetch-model.js';
import { type ModelName, modelNames } from '../models/model-registry.js';

const USAGE = 'Usage: fetch-model base|tiny <folder>';
/** Enough for a smooth bar, little enough for a log. */
const REPORT_EVERY_MS = 200;

function isModelName(text: string | undefined): text is ModelName {
  return modelNames.includes(text as ModelName);
}

/** For people one line that renews itself; for a program that reads it, one JSON object per line. */
function reporter(model: ModelName) {
  let reportedAt = 0;
  return (doneBytes: number, totalBytes: number) => {
    const now = Date.now();
    if (doneBytes < totalBytes && now - reportedAt < REPORT_EVERY_MS) return;
    reportedAt = now;
    if (!process.stdout.isTTY) {
      process.stdout.write(`${JSON.stringify({ model, doneBytes, totalBytes })}\n`);
      return;
    }
    const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
    process.stdout.write(`\rSpeech model ${model}: ${megabytes(doneBytes)} of ${megabytes(totalBytes)} MB`);
  };
}

const [model, dir] = parseArgs({ allowPositionals: true }).positionals;
if (!isModelName(model) || !dir) {
  process.stderr.write(`${USAGE}\n`);
  process.exitCode = 2;
} else {
  try {
    await fetchModel(model, dir, reporter(model));
    if (process.stdout.isTTY) process.stdout.write('\n');
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
