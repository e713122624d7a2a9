import { spawn } from 'node:child_process';
import { readFileSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';
import { Refusal } from './refusal.mjs';

/** Installed size is 1.3 GB; the download cache comes on top when it is on the same disk. */
const NEEDED_BYTES = 2.2e9;

function lockFile(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages;
  } catch {
    return null; // absent or cut off: not installed
  }
}

/**
 * Whether node_modules is what package-lock.json says. npm keeps its own lock inside node_modules and writes it last, so an install
 * that was interrupted, or a pull that brought new versions, shows here; a hash of our lock alone would not see the first, and
 * would throw away a good node_modules after an `npm install` by hand.
 */
export function packagesAreInstalled(folder = root) {
  const wanted = lockFile(join(folder, 'package-lock.json'));
  const present = lockFile(join(folder, 'node_modules', '.package-lock.json'));
  if (!wanted || !present) return false;
  return Object.entries(wanted).every(([path, { version, link, optional, devOptional }]) => {
    if (!path.startsWith('node_modules/') || link) return true;
    if (!present[path]) return Boolean(optional ?? devOptional); // another platform's package
    return present[path].version === version;
  });
}

/** npm's own words, as the reason that a person can do something about. */
export function explainNpm(output) {
  const reasons = [
    [/ENOSPC/, 'npm ran out of disk space. Free about 2 GB and start again.'],
    [/EACCES|EPERM|EROFS/, `npm may not write to ${root}/node_modules. Change its owner and start again.`],
    [/EUSAGE|in sync/, 'package.json and package-lock.json do not fit together. Run npm install, then start again.'],
    [/EINTEGRITY/, 'A package arrived damaged (its checksum differs). Start again; if it stays, run npm cache clean --force.'],
    [/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT|network/i, 'npm cannot reach the package registry. Check the network (or the proxy: npm config set proxy ...) and start again.'],
  ];
  const known = reasons.find(([pattern]) => pattern.test(output));
  if (known) return known[1];
  const line = output.split('\n').find((text) => /^npm (error|ERR!) \S/.test(text)) ?? 'no message';
  return `npm ci failed: ${line.replace(/^npm (error|ERR!) /, '')}. Run npm ci to see all of it.`;
}

function checkRoom() {
  const { bavail, bsize } = statfsSync(root);
  if (bavail * bsize < NEEDED_BYTES) {
    throw new Refusal(`Only ${(bavail * bsize / 1e9).toFixed(1)} GB are free at ${root}; the packages need about ${NEEDED_BYTES / 1e9} GB.`);
  }
}

/** dev and optional stated, because a NODE_ENV or npm setting of the machine could leave them out: the build needs both. */
const arguments_ = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--fetch-retries=2', '--fetch-retry-mintimeout=2000', '--fetch-retry-maxtimeout=8000'];

function npmCi() {
  const script = process.env.npm_execpath;
  const [command, args] = script?.endsWith('.js') ? [process.execPath, [script, ...arguments_]] : ['npm', arguments_];
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
    child.on('error', () => reject(new Refusal('npm is not installed. Install Node with npm (Debian: apt-get install nodejs npm) and start again.')));
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Refusal(explainNpm(output)))));
  });
}

export async function ensurePackages() {
  if (packagesAreInstalled()) return;
  checkRoom();
  const startedAt = Date.now();
  console.log('  packages   installing (about 1.3 GB on disk; one to two minutes the first time)');
  await npmCi();
  console.log(`  packages   installed in ${Math.round((Date.now() - startedAt) / 1000)} s`);
}
