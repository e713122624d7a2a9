import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { lastLine, readResults } from './results.mjs';
import { chooseSuites, suites } from './suites.mjs';

let folder;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'auscult-results-'));
});
after(() => rmSync(folder, { recursive: true }));
const file = (content) => {
  const path = join(folder, 'results.json');
  if (content === null) rmSync(path, { force: true });
  else writeFileSync(path, content);
  return path;
};
const jest = (changes) => JSON.stringify({ numPassedTests: 3, numFailedTests: 0, numPendingTests: 1, numTodoTests: 0, numRuntimeErrorTestSuites: 0, ...changes });

test('counts of each runner', () => {
  assert.equal(lastLine(readResults('jest', file(jest({ numFailedTests: 2 })), 1)), '3 passed, 2 failed, 1 skipped');
  assert.equal(lastLine(readResults('playwright', file(JSON.stringify({ stats: { expected: 4, unexpected: 1, flaky: 1, skipped: 2 } })), 1)), '4 passed, 2 failed, 2 skipped');
  assert.equal(lastLine(readResults('node', file('{"passed":5,"failed":0,"skipped":1}'), 0)), '5 passed, 0 failed, 1 skipped');
});

test('a spec file that cannot be loaded, a crash, a torn report and an empty run each count as a failure', () => {
  assert.equal(readResults('jest', file(jest({ numRuntimeErrorTestSuites: 1 })), 1).failed, 1);
  assert.equal(readResults('jest', file(jest({})), 1).failed, 1);
  assert.equal(readResults('jest', file(null), 1).failed, 1);
  assert.equal(readResults('jest', file('{"numPassed'), 1).failed, 1);
  assert.equal(readResults('node', file('{"passed":0,"failed":0,"skipped":0}'), 0).failed, 1);
});

test('the reporter counts tests, not the files and suites around them', () => {
  const script = join(folder, 'sample.test.mjs');
  writeFileSync(script, `import { describe, it } from 'node:test';
    describe('suite', () => { it('a', () => {}); it('b', () => { throw new Error('no'); }); it.skip('c'); it.todo('d'); });`);
  const path = join(folder, 'counts.json');
  const { NODE_TEST_CONTEXT: _outer, ...environment } = process.env;
  spawnSync(process.execPath, ['--test', `--test-reporter=${join(import.meta.dirname, 'node-test-reporter.mjs')}`, `--test-reporter-destination=${path}`, script], { env: environment });
  assert.deepEqual(JSON.parse(readFileSync(path, 'utf8')), { passed: 1, failed: 1, skipped: 2 });
});

test('words choose suites', () => {
  const names = (...words) => chooseSuites(words).chosen.map(({ project, kind }) => `${project} ${kind}`);
  assert.equal(names().length, suites.length);
  assert.deepEqual(names('backend', 'unit'), ['backend unit']);
  assert.deepEqual(names('backend'), ['backend unit', 'backend db', 'backend e2e']);
  assert.deepEqual(names('browser'), ['frontend browser']);
  assert.deepEqual(chooseSuites(['contracts', 'src/contracts.spec.ts']).paths, ['src/contracts.spec.ts']);
  assert.throws(() => chooseSuites(['bakend']), /There is no suite "bakend"/);
});
