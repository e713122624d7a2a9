import { existsSync, openAsBlob, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { writeWhole } from './data-folder.mjs';
import { root } from './paths.mjs';

const EXAMPLE_TITLE = 'Example: first visit';
const POLL_MS = 1000;
const EXAMPLE_WITHIN_MS = 10 * 60_000;

/** What was done once for this data folder; holds no secret. */
function readState(dataDir) {
  const path = join(dataDir, 'state.json');
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
}

function saveState(dataDir, changes) {
  writeWhole(join(dataDir, 'state.json'), JSON.stringify({ ...readState(dataDir), ...changes }), 0o644);
}

/**
 * The demo practice: made at the first start, and its passwords set anew whenever AUSCULT_DEMO_PASSWORD is given (the way back in for
 * somebody who lost them). Resolves to the accounts; `password` is null where an earlier one holds, of which only the hash is stored.
 */
export async function seedDemo(stack) {
  const { dataDir, demoPassword } = stack.settings;
  if (readState(dataDir).seededAt && !demoPassword) return [];
  const output = await stack.runCommand('Making the demo accounts', 'seed');
  const { accounts } = JSON.parse(output.trim().split('\n').at(-1));
  saveState(dataDir, { seededAt: new Date().toISOString() });
  return accounts;
}

function sampleFile() {
  const folder = join(root, 'libs/speech/samples');
  const name = existsSync(folder) && readdirSync(folder).find((file) => /^conversation\.(flac|opus|ogg|m4a|mp3|wav|webm)$/.test(file));
  return name ? { name, path: join(folder, name) } : null;
}

async function call(stack, path, options = {}) {
  const response = await fetch(`${stack.localUrl}/api${path}`, { ...options, signal: AbortSignal.timeout(60_000) });
  if (!response.ok) throw new Error(`${options.method ?? 'GET'} ${path} answered ${response.status}`);
  return response.json();
}

/** One finished transcript to look at, uploaded as the first clinician would and made by the real pipeline. */
export async function makeExample(stack, accounts) {
  const clinician = accounts.find(({ role, password }) => role === 'clinician' && password);
  const sample = sampleFile();
  if (!clinician || !sample || readState(stack.settings.dataDir).exampleId) return null;
  const body = JSON.stringify({ email: clinician.email, password: clinician.password });
  const { accessToken } = await call(stack, '/auth/sign-in', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  const form = new FormData();
  form.set('title', EXAMPLE_TITLE);
  form.set('file', await openAsBlob(sample.path), sample.name);
  const headers = { authorization: `Bearer ${accessToken}` };
  const { id } = await call(stack, '/recordings', { method: 'POST', headers, body: form });
  saveState(stack.settings.dataDir, { exampleId: id });
  const deadline = Date.now() + EXAMPLE_WITHIN_MS;
  while (Date.now() < deadline) {
    const { status } = await call(stack, `/recordings/${id}`, { headers });
    if (['completed', 'failed', 'cancelled'].includes(status)) return status;
    await delay(POLL_MS);
  }
  return 'not finished yet';
}
