import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from '../launcher/refusal.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

function onPath() {
  const folders = (process.env.PATH ?? '').split(':');
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find((path) => existsSync(path)) ?? null;
}

function install(say) {
  say('Installing Chromium (apt-get) for the browser tests ...');
  const apt = (...args) => spawnSync('apt-get', ['-qq', ...args], { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  apt('update');
  const { status, stderr } = apt('install', '-y', '--no-install-recommends', 'chromium', 'fonts-liberation');
  if (status !== 0) throw new Refusal(`Chromium could not be installed: ${String(stderr).trim().split('\n').at(-1)}`);
}

/** A Chromium for Playwright: AUSCULT_CHROMIUM, the machine's own, or Debian's package when we may install it. */
export function findChromium(say) {
  const given = process.env.AUSCULT_CHROMIUM;
  if (given && !existsSync(given)) throw new Refusal(`AUSCULT_CHROMIUM=${given} does not exist.`);
  const found = given || onPath();
  if (found) return found;
  const canInstall = process.getuid() === 0 && spawnSync('apt-get', ['--version']).status === 0;
  if (!canInstall) throw new Refusal('The browser tests need Chromium: sudo apt-get install chromium (or set AUSCULT_CHROMIUM to one).');
  install(say);
  const installed = onPath();
  if (!installed) throw new Refusal('Chromium was installed but is not on the PATH. Set AUSCULT_CHROMIUM to it.');
  return installed;
}
