import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createWriteStream, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { root } from './paths.mjs';
import { Refusal } from './refusal.mjs';

const sources = [
  'backend', 'frontend', 'libs/contracts', 'libs/speech', 'libs/client', 'libs/ui', 'tsconfig.base.json', 'nx.json', 'package-lock.json',
];
const skipped = new Set(['dist', 'node_modules', 'test', 'e2e', 'samples', 'coverage', '.angular']);
const products = [
  'libs/contracts/dist/index.js', 'libs/speech/dist/index.js', 'backend/dist/main.api.js', 'backend/dist/main.worker.js',
  'backend/dist/main.live.js', 'backend/dist/main.migrate.js', 'frontend/dist/portal/browser/index.html',
];
const marker = join(root, '.nx', 'launcher-build');

function* filesBelow(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) yield `${path}:${stat.size}:${stat.mtimeMs}`;
  else for (const name of readdirSync(path).sort()) if (!skipped.has(name)) yield* filesBelow(join(path, name));
}

/** Names, sizes and times of all sources: enough to know that nothing was touched, in 10 ms instead of Nx's 2 s. */
function fingerprint() {
  const hash = createHash('sha256');
  for (const path of sources) for (const line of filesBelow(join(root, path))) hash.update(`${line}\n`);
  return hash.digest('hex');
}

/** Whether the built files belong to the sources as they are. */
export function isBuilt() {
  if (!existsSync(marker) || !products.every((path) => existsSync(join(root, path)))) return false;
  return readFileSync(marker, 'utf8') === fingerprint();
}

function nx(args, { logFile, environment, abort }) {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = createWriteStream(logFile, { flags: 'a' });
  const child = spawn(process.execPath, [join(root, 'node_modules/nx/dist/bin/nx.js'), ...args], { cwd: root, env: environment, stdio: ['ignore', 'pipe', 'pipe'], signal: abort });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
      log.write(chunk);
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      log.end();
      if (code === 0) resolve();
      else reject(new Refusal(`The build failed: ${firstError(output)} (${logFile})`));
    });
  });
}

function firstError(output) {
  const plain = stripVTControlCharacters(output);
  if (/ENOSPC/.test(plain)) return 'the disk is full';
  return (plain.split('\n').find((line) => /error|✘/i.test(line)) ?? plain.trim().split('\n').at(-1) ?? 'no message').trim().slice(0, 200);
}

/** The speech library alone, so that the model can come while the rest is built. */
export const buildSpeech = (how) => nx(['run', 'speech:build'], how);

export function markBuilt(sources_ = fingerprint()) {
  mkdirSync(dirname(marker), { recursive: true });
  writeFileSync(marker, sources_);
}

export async function buildAll(how) {
  // Taken before: a file that is saved while the build runs belongs to the next one.
  const before = fingerprint();
  await nx(['run-many', '-t', 'build', '-p', 'backend', 'frontend'], how);
  markBuilt(before);
}
