import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readRun } from '../launcher/data-folder.mjs';
import { root } from '../launcher/paths.mjs';
import { Refusal } from '../launcher/refusal.mjs';

const STARTED_WITHIN_MS = 5 * 60_000;
const EXAMPLE_WITHIN_MS = 5 * 60_000;

/** For the browser tests only; the product is started for them and thrown away. */
const DEMO_PASSWORD = 'a long password for the tests';

const defaults = {
  PORT: '0',
  HOST: '127.0.0.1',
  AUSCULT_REDIS: 'wasm',
  AUSCULT_DEMO_PASSWORD: DEMO_PASSWORD,
  // Each browser test signs in, all as the same few people: more often than a person would.
  AUSCULT_SIGN_IN_ATTEMPTS: '10000',
  AUSCULT_SIGN_IN_ATTEMPTS_PER_ADDRESS: '10000',
};

/**
 * Starts the product as a person would on a bare machine, by `npm start`'s own script, with the bundled Redis (or other `settings`) and an empty
 * data folder whose path holds a space. Ready once the example transcript, made by the real pipeline, is finished.
 */
export async function startProduct({ dataDir, modelDir, say, settings = {} }) {
  const child = spawn(process.execPath, [join(root, 'ops/launcher/start.mjs')], {
    cwd: root,
    env: { ...process.env, ...defaults, ...settings, AUSCULT_DATA_DIR: dataDir, AUSCULT_MODEL_DIR: modelDir },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  const said = async (pattern, withinMs) => {
    const deadline = Date.now() + withinMs;
    while (!pattern.test(output)) {
      if (child.exitCode !== null || /^! /m.test(output) || Date.now() > deadline) throw new Refusal(`The product did not say ${pattern}:\n${output}`);
      await delay(100);
    }
  };
  const stop = async () => {
    if (child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.on('exit', resolve));
    child.kill('SIGTERM');
    const code = await ended;
    if (code !== 0) throw new Refusal(`The product did not stop cleanly (exit code ${code}):\n${output}`);
  };
  try {
    await said(/Open http/, STARTED_WITHIN_MS);
    const { url } = readRun(dataDir);
    say(`The product runs at ${url}`);
    await said(/The example transcript is ready/, EXAMPLE_WITHIN_MS);
    return { environment: { AUSCULT_URL: url, AUSCULT_DEMO_PASSWORD: DEMO_PASSWORD }, stop };
  } catch (failure) {
    child.kill('SIGTERM');
    throw failure;
  }
}
