// Starts the product as `npm start` does, in a data folder of its own, and stops it again.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const root = join(import.meta.dirname, '..', '..');

/** { url, pid, email, password, stop() }; the demo's first clinician owns what the benchmark uploads. */
export async function startStack(dataDir) {
  const password = randomBytes(18).toString('base64url');
  const launcher = spawn(process.execPath, ['ops/launcher/start.mjs'], {
    cwd: root,
    env: { ...process.env, PORT: '0', AUSCULT_DATA_DIR: dataDir, AUSCULT_DEMO_PASSWORD: password, AUSCULT_EXAMPLE: 'no' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(launcher, 'exit');
  let screen = '';
  launcher.stdout.on('data', (text) => (screen += text));
  const ready = readyUrl(dataDir, () => screen);
  const url = await Promise.race([ready, ended.then(() => Promise.reject(new Error(`The product did not start:\n${screen}`)))]);
  return {
    url,
    modelDir: process.env.AUSCULT_MODEL_DIR ?? join(dataDir, 'models'),
    pid: launcher.pid,
    email: 'clinician1@demo.auscult.local',
    password,
    async stop() {
      launcher.kill('SIGINT');
      await ended;
    },
  };
}

/** The launcher prints the demo accounts last: then everything runs. */
async function readyUrl(dataDir, screen) {
  for (;;) {
    const run = join(dataDir, 'run.json');
    if (screen().includes('clinician1@') && existsSync(run)) return JSON.parse(readFileSync(run, 'utf8')).url;
    await delay(200);
  }
}
