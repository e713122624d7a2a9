import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { root } from '../launcher/paths.mjs';
import dependencyRules from './dependencies.config.mjs';

/**
 * Every rule that the house stands on is broken once, each in a file of its own, in a small workspace with the real configuration;
 * then both tools run once over it. A rule that reports nothing here is not on.
 */
let workspace;
const reported = {};

const lines = (count, text) => Array.from({ length: count }, (_, index) => text.replaceAll('#', String(index))).join('\n');

/** ESLint: path, source, rule that must be reported, and its message where the rule says several things. */
const violations = [
  // Layers
  ['libs/contracts/src/imports-speech.ts', "import { speech } from '@auscult/speech';\nexport const x = speech;", '@nx/enforce-module-boundaries'],
  ['libs/contracts/src/imports-package.ts', "import Redis from 'ioredis';\nexport const x = Redis.name;", '@nx/enforce-module-boundaries'],
  ['libs/speech/src/imports-client.ts', "import { client } from '@auscult/client';\nexport const x = client;", '@nx/enforce-module-boundaries'],
  ['libs/speech/src/imports-nest.ts', "import { Module } from '@nestjs/common';\nexport const x = Module.name;", '@nx/enforce-module-boundaries'],
  ['libs/client/src/imports-ui.ts', "import { ui } from '@auscult/ui';\nexport const x = ui;", '@nx/enforce-module-boundaries'],
  ['libs/client/src/imports-angular.ts', "import { Injectable } from '@angular/core';\nexport const x = Injectable.name;", '@nx/enforce-module-boundaries'],
  ['libs/ui/src/imports-speech.ts', "import { speech } from '@auscult/speech';\nexport const x = speech;", '@nx/enforce-module-boundaries'],
  ['libs/client/src/reaches-around.ts', "import { contracts } from '../../contracts/src/index.js';\nexport const x = contracts;", '@nx/enforce-module-boundaries'],
  ['frontend/src/imports-speech.ts', "import { speech } from '@auscult/speech';\nexport const x = speech;", '@nx/enforce-module-boundaries'],
  ['backend/src/imports-client.ts', "import { client } from '@auscult/client';\nexport const x = client;", '@nx/enforce-module-boundaries'],
  ['backend/src/imports-ui.ts', "import { ui } from '@auscult/ui';\nexport const x = ui;", '@nx/enforce-module-boundaries'],
  ['backend/src/imports-angular.ts', "import { Injectable } from '@angular/core';\nexport const x = Injectable.name;", '@nx/enforce-module-boundaries'],
  // A library of a layer that nobody may use: here no cycle can be the reason
  ...['libs/contracts', 'libs/speech', 'libs/client', 'libs/ui', 'frontend', 'backend'].map((project) => [
    `${project}/src/imports-stranger.ts`, "import { stranger } from '@auscult/stranger';\nexport const x = stranger;", '@nx/enforce-module-boundaries', /can only depend on libs tagged with/,
  ]),
  // Types and promises
  ['libs/contracts/src/has-any.ts', 'export function read(value: any): string {\n  return String(value);\n}', '@typescript-eslint/no-explicit-any'],
  ['libs/contracts/src/floats.ts', 'const save = () => Promise.resolve(1);\nexport function run(): void {\n  save();\n}', '@typescript-eslint/no-floating-promises'],
  ['libs/contracts/src/floats.spec.ts', 'const save = () => Promise.resolve(1);\nexport function run(): void {\n  save();\n}', '@typescript-eslint/no-floating-promises'],
  ['libs/contracts/src/misuses.ts', 'export const run = (list: string[]) => {\n  list.forEach(async (item) => {\n    await Promise.resolve(item);\n  });\n};', '@typescript-eslint/no-misused-promises'],
  ['libs/contracts/src/only.spec.ts', "it.only('works', () => {\n  expect(1).toBe(1);\n});", 'no-restricted-syntax'],
  // Privacy and configuration
  ['backend/src/logs.ts', "export function run(): void {\n  console.log('hello');\n}", 'no-console'],
  ['backend/src/reads-environment.ts', 'export const port = process.env.PORT;', 'no-restricted-properties'],
  ['backend/src/imports-environment.ts', "import { env } from 'node:process';\nexport const port = env.PORT;", 'no-restricted-imports'],
  // Budgets
  ['libs/contracts/src/long-file.ts', lines(301, 'export const n# = #;'), 'max-lines'],
  ['libs/contracts/src/long-function.ts', `export function long(): number {\n  let sum = 0;\n${lines(41, '  sum += #;')}\n  return sum;\n}`, 'max-lines-per-function'],
  ['libs/contracts/src/many-parameters.ts', 'export const sum = (a: number, b: number, c: number, d: number, e: number, f: number) => a + b + c + d + e + f;', 'no-restricted-syntax'],
  [
    'backend/src/many-dependencies.ts',
    'export class Wide {\n  constructor(readonly a: 1, readonly b: 1, readonly c: 1, readonly d: 1, readonly e: 1, readonly f: 1, readonly g: 1) {}\n}',
    '@typescript-eslint/max-params',
  ],
  ['libs/contracts/src/branches.ts', `export function branch(n: number): number {\n${lines(16, '  if (n === #) return #;')}\n  return n;\n}`, 'complexity'],
  // Templates, in files and inline
  ['frontend/src/picture.html', '<img src="a.png">', '@angular-eslint/template/alt-text'],
  ['frontend/src/clickable.html', '<div (click)="open()">Open</div>', '@angular-eslint/template/click-events-have-key-events'],
  ['frontend/src/unfocusable.html', '<div role="button" (click)="open()" (keydown)="open()">Open</div>', '@angular-eslint/template/interactive-supports-focus'],
  ['frontend/src/unnamed.html', '<label>Name</label><input>', '@angular-eslint/template/label-has-associated-control'],
  ['frontend/src/tab-order.html', '<p tabindex="3">x</p>', '@angular-eslint/template/no-positive-tabindex'],
  ['frontend/src/role.html', '<div role="checkbox">x</div>', '@angular-eslint/template/role-has-required-aria'],
  ['frontend/src/aria.html', '<div aria-labelledd="x">x</div>', '@angular-eslint/template/valid-aria'],
  ['frontend/src/button.html', '<button>Save</button>', '@angular-eslint/template/button-has-type'],
  [
    'frontend/src/inline.component.ts',
    "import { Component } from '@angular/core';\n@Component({ selector: 'x-inline', template: '<img src=\"a.png\">' })\nexport class InlineComponent {}",
    '@angular-eslint/template/alt-text',
  ],
  [
    'frontend/src/signal.component.ts',
    "import { Component, Input } from '@angular/core';\n@Component({ selector: 'x-signal', template: '' })\nexport class SignalComponent {\n  @Input() value = 1;\n}",
    '@angular-eslint/prefer-signals',
  ],
];

/** dependency-cruiser: rule that must be reported, and the files that break it. */
const structures = [
  ['no-cycles', { 'libs/contracts/src/a.ts': "import { b } from './b.js';\nexport const a: number = b + 1;", 'libs/contracts/src/b.ts': "import { a } from './a.js';\nexport const b: number = a + 1;" }],
  ['no-cycles', { 'libs/contracts/src/ta.ts': "import type { B } from './tb.js';\nexport interface A { b: B }", 'libs/contracts/src/tb.ts': "import type { A } from './ta.js';\nexport interface B { a: A }" }],
  ['platform-knows-no-module', { 'backend/src/platform/http/knows.ts': "import { users } from '../../modules/users/index.js';\nexport const x = users;" }],
  ['modules-meet-at-index', { 'backend/src/modules/auth/peeks.ts': "import { secret } from '../users/inner.js';\nexport const x = secret;" }],
  ['users-know-no-module', { 'backend/src/modules/users/knows.ts': "import { auth } from '../auth/index.js';\nexport const x = auth;" }],
  ['auth-knows-only-users', { 'backend/src/modules/auth/knows.ts': "import { storage } from '../storage/index.js';\nexport const x = storage;" }],
  ['storage-knows-no-module', { 'backend/src/modules/storage/knows.ts': "import { users } from '../users/index.js';\nexport const x = users;" }],
  ['transcription-knows-storage-and-users', { 'backend/src/modules/transcription/knows.ts': "import { auth } from '../auth/index.js';\nexport const x = auth;" }],
  ['platform-folders-meet-at-index', { 'backend/src/platform/queue/peeks.ts': "import { inner } from '../http/inner.js';\nexport const x = inner;" }],
  ['modules-enter-the-platform-at-index', { 'backend/src/modules/users/peeks.ts': "import { inner } from '../../platform/http/inner.js';\nexport const x = inner;" }],
  ['api-and-worker-apart', { 'backend/src/modules/storage/worker/reaches.ts': "import { api } from '../api/door.js';\nexport const x = api;" }],
  ['tests-stay-outside', { 'libs/speech/src/uses-test.ts': "import { setUp } from './testing/setup.js';\nexport const x = setUp;" }],
];

/** Files that keep every rule; they also are what the violations reach for. */
const clean = {
  'libs/contracts/src/index.ts': 'export const contracts = 1;',
  'libs/speech/src/index.ts': "import { contracts } from '@auscult/contracts';\nexport const speech = contracts;",
  'libs/speech/src/testing/setup.ts': 'export const setUp = 1;',
  'libs/client/src/index.ts': "import { contracts } from '@auscult/contracts';\nexport const client = contracts;",
  'libs/ui/src/index.ts': "import { client } from '@auscult/client';\nexport const ui = client;",
  'frontend/src/index.ts': "import { ui } from '@auscult/ui';\nexport const portal = ui;",
  'backend/src/index.ts': "import { speech } from '@auscult/speech';\nimport { contracts } from '@auscult/contracts';\nexport const backend = speech + contracts;",
  'backend/src/platform/config/load-config.ts': 'export const port = process.env.PORT;',
  'backend/src/platform/http/index.ts': "export { inner } from './inner.js';",
  'backend/src/platform/http/inner.ts': 'export const inner = 1;',
  'backend/src/modules/users/index.ts': "export { secret as users } from './inner.js';",
  'backend/src/modules/users/inner.ts': 'export const secret = 1;',
  'backend/src/modules/auth/index.ts': "import { users } from '../users/index.js';\nimport { inner } from '../../platform/http/index.js';\nexport const auth = users + inner;",
  'backend/src/modules/storage/index.ts': 'export const storage = 1;',
  'backend/src/modules/storage/api/door.ts': "import { storage } from '../index.js';\nexport const api = storage;",
  'backend/src/modules/transcription/index.ts': "import { storage } from '../storage/index.js';\nexport const transcription = storage;",
};

function put(path, text) {
  mkdirSync(dirname(join(workspace, path)), { recursive: true });
  writeFileSync(join(workspace, path), `${text}\n`);
}

/** The real configuration and the real project files, node_modules by links so that @auscult/* are this workspace's own. */
function makeWorkspace() {
  workspace = mkdtempSync(join(tmpdir(), 'auscult-lint-'));
  for (const name of ['package.json', 'package-lock.json', 'nx.json', 'tsconfig.base.json', 'eslint.config.mjs']) copyFileSync(join(root, name), join(workspace, name));
  cpSync(join(root, 'ops/lint'), join(workspace, 'ops/lint'), { recursive: true });
  const projects = ['backend', 'frontend', 'libs/contracts', 'libs/speech', 'libs/client', 'libs/ui'];
  for (const project of projects) {
    for (const name of ['project.json', 'package.json', 'tsconfig.json', 'tsconfig.spec.json', 'tsconfig.app.json']) {
      if (!existsSync(join(root, project, name))) continue;
      mkdirSync(join(workspace, project), { recursive: true });
      copyFileSync(join(root, project, name), join(workspace, project, name));
    }
  }
  put('libs/stranger/project.json', JSON.stringify({ name: 'stranger', projectType: 'library', sourceRoot: 'libs/stranger/src', tags: ['layer:stranger'], targets: { build: { command: 'true' } } }));
  put('libs/stranger/package.json', JSON.stringify({ name: '@auscult/stranger', type: 'module', exports: { '.': { types: './src/index.ts' } } }));
  put('libs/stranger/tsconfig.json', JSON.stringify({ extends: '../../tsconfig.base.json', include: ['src'] }));
  put('libs/stranger/src/index.ts', 'export const stranger = 1;');
  mkdirSync(join(workspace, 'node_modules/@auscult'), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name !== '@auscult' && name !== '.cache') symlinkSync(join(root, 'node_modules', name), join(workspace, 'node_modules', name));
  }
  for (const name of ['contracts', 'speech', 'client', 'ui', 'stranger']) symlinkSync(join(workspace, 'libs', name), join(workspace, 'node_modules/@auscult', name));
}

function run(script, args) {
  return spawnSync(process.execPath, [join(workspace, 'node_modules', script), ...args], {
    cwd: workspace,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, NX_DAEMON: 'false', NX_WORKSPACE_ROOT_PATH: workspace },
  });
}

function runForJson(script, args) {
  const { stdout, stderr } = run(script, args);
  try {
    return JSON.parse(stdout);
  } catch {
    throw new Error(`${script} said no JSON: ${stdout.slice(0, 2000)}${stderr.slice(0, 2000)}`);
  }
}

/** The layer rule reads the graph that Nx keeps from its last command, and is skipped when there is none. */
function lint() {
  run('nx/dist/bin/nx.js', ['show', 'projects']);
  const files = runForJson('eslint/bin/eslint.js', ['--format', 'json', 'libs', 'backend', 'frontend']);
  const structure = runForJson('dependency-cruiser/bin/dependency-cruiser.mjs', [
    '--config', 'ops/lint/dependencies.config.mjs', '--output-type', 'json', 'libs/contracts/src', 'libs/speech/src', 'libs/client/src', 'libs/ui/src', 'backend/src', 'frontend/src',
  ]);
  return { files, violations: structure.summary.violations };
}

before(() => {
  makeWorkspace();
  for (const [path, text] of Object.entries(clean)) put(path, text);
  // First alone: a planted import against the arrows makes a cycle, which is then reported at every innocent end of it.
  reported.clean = lint();
  for (const [path, text] of violations) put(path, text);
  for (const [, files] of structures) for (const [path, text] of Object.entries(files)) put(path, text);
  reported.planted = lint();
});
after(() => rmSync(workspace, { recursive: true, force: true }));

const messagesAt = ({ files }, path) => files.find(({ filePath }) => filePath === join(workspace, path))?.messages ?? [];

for (const [path, , rule, message = /./] of violations) {
  test(`${rule} bites in ${path}`, () => {
    const messages = messagesAt(reported.planted, path);
    assert.ok(messages.some((found) => found.ruleId === rule && message.test(found.message)), JSON.stringify(messages));
  });
}

for (const [rule, files] of structures) {
  const from = Object.keys(files)[0];
  test(`${rule} bites in ${from}`, () => {
    const found = reported.planted.violations.filter((violation) => violation.from === from).map((violation) => violation.rule.name);
    assert.ok(found.includes(rule), JSON.stringify(found));
  });
}

test('every structural rule is planted here', () => {
  const planted = new Set(structures.map(([rule]) => rule));
  assert.deepEqual(dependencyRules.forbidden.map(({ name }) => name).filter((name) => !planted.has(name)), []);
});

for (const path of Object.keys(clean)) {
  test(`nothing is reported in ${path}`, () => {
    assert.ok(reported.clean.files.some(({ filePath }) => filePath === join(workspace, path)), 'it was not linted');
    assert.deepEqual(messagesAt(reported.clean, path), []);
    assert.deepEqual(reported.clean.violations.filter(({ from }) => from === path), []);
  });
}
