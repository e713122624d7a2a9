import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { explainNpm, packagesAreInstalled } from './packages.mjs';

let folder;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'auscult-packages-'));
  mkdirSync(join(folder, 'node_modules'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const wanted = {
  '': { name: 'auscult' },
  'libs/contracts': { version: '0.1.0' },
  'node_modules/@auscult/contracts': { link: true },
  'node_modules/nx': { version: '23.2.1' },
  'node_modules/other-platform': { version: '1.0.0', optional: true },
};
const write = (path, packages) => writeFileSync(join(folder, path), JSON.stringify({ packages }));

test('node_modules as the lock file says, without the packages of other platforms, is installed', () => {
  write('package-lock.json', wanted);
  write('node_modules/.package-lock.json', { 'node_modules/nx': { version: '23.2.1' } });
  assert.equal(packagesAreInstalled(folder), true);
});

test('an interrupted install, an older version and a missing package are not', () => {
  write('package-lock.json', wanted);
  assert.equal(packagesAreInstalled(folder), false);
  write('node_modules/.package-lock.json', { 'node_modules/nx': { version: '23.2.0' } });
  assert.equal(packagesAreInstalled(folder), false);
  write('node_modules/.package-lock.json', {});
  assert.equal(packagesAreInstalled(folder), false);
  writeFileSync(join(folder, 'node_modules/.package-lock.json'), '{"packages": {"node_mod');
  assert.equal(packagesAreInstalled(folder), false);
});

test("npm's failures are told in one line with something to do", () => {
  for (const [output, pattern] of [
    ['npm error code ENOTFOUND\nnpm error network request to https://x failed', /cannot reach the package registry/],
    ['npm error code ENOSPC\nnpm error nospc There appears to be insufficient space', /out of disk space/],
    ['npm error code EACCES\nnpm error syscall mkdir', /may not write/],
    ['npm error code EUSAGE\nnpm error `npm ci` can only install packages when your package.json and package-lock.json are in sync', /do not fit together/],
    ['npm error code EINTEGRITY', /damaged/],
    ['npm error something new\nnpm error more', /npm ci failed: something new/],
  ]) {
    assert.match(explainNpm(output), pattern);
    assert.ok(!explainNpm(output).includes('\n'));
  }
});
