import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { root } from '../launcher/paths.mjs';

const runbook = readFileSync(join(root, 'docs/runbook.md'), 'utf8');
const backUp = /^## Back up and restore\n[^]*?```sh\n([^]*?)```/m.exec(runbook)[1];
let place;

before(() => {
  place = mkdtempSync(join(tmpdir(), 'auscult-backup-'));
  for (const folder of ['postgres/data', 'audio', 'models', 'logs']) mkdirSync(join(place, '.auscult', folder), { recursive: true });
  for (const file of ['secrets.json', 'run.json', 'state.json', 'postgres/data/PG_VERSION', 'audio/one', 'models/weights', 'logs/api.log']) writeFileSync(join(place, '.auscult', file), file);
  const { status, stderr } = spawnSync('sh', ['-euc', backUp], { cwd: place, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
});
after(() => rmSync(place, { recursive: true, force: true }));

const made = () => readdirSync(place).filter((name) => name !== '.auscult');

test('the backup of the runbook holds database and audio, and neither keys nor what runs now', () => {
  const archive = made().find((name) => /^auscult-\d{4}-\d\d-\d\d\.tgz$/.test(name));
  const { stdout } = spawnSync('tar', ['-tzf', join(place, archive)], { encoding: 'utf8' });
  assert.deepEqual(stdout.trim().split('\n').filter((name) => !name.endsWith('/')).sort(), ['./audio/one', './postgres/data/PG_VERSION', './state.json']);
});

test('the keys are kept in a file of their own', () => {
  const others = made().filter((name) => !name.endsWith('.tgz'));
  assert.equal(others.length, 1);
  assert.equal(readFileSync(join(place, others[0]), 'utf8'), 'secrets.json');
});

test('nobody else can read what was backed up', () => {
  for (const name of made()) assert.equal(statSync(join(place, name)).mode & 0o777, 0o600, name);
});
