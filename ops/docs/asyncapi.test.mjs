import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { clientEvents, serverEvents } from '../../libs/contracts/dist/index.js';
import { asyncApi, asyncApiText, committedText } from './asyncapi.mjs';
import { toYaml } from './yaml.mjs';

const folder = mkdtempSync(join(tmpdir(), 'asyncapi-'));
after(() => rmSync(folder, { recursive: true }));

function redocly(...args) {
  const options = { cwd: folder, encoding: 'utf8', stdio: 'pipe', env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' } };
  return execFileSync(process.execPath, [new URL('../../node_modules/@redocly/cli/bin/cli.js', import.meta.url).pathname, ...args], options);
}

function written(name, document) {
  const path = join(folder, name);
  writeFileSync(path, typeof document === 'string' ? document : toYaml(document));
  return path;
}

it('the committed document is what the contracts say; if not: node ops/docs/asyncapi.mjs', () => {
  assert.equal(committedText(), asyncApiText());
});

it('it describes every event in its direction', () => {
  const { operations } = asyncApi();
  const named = (action) => Object.entries(operations).filter(([, operation]) => operation.action === action).map(([key]) => key.replace('.', ':'));
  assert.deepEqual(named('receive'), Object.keys(clientEvents));
  assert.deepEqual(named('send'), Object.keys(serverEvents));
});

it('it is valid AsyncAPI 3, and a checker that would say so of anything is noticed', () => {
  redocly('lint', '--extends', 'minimal', written('asyncapi.yaml', committedText()));
  const wrong = asyncApi();
  wrong.operations['live.open'].action = 'shout';
  assert.throws(() => redocly('lint', '--extends', 'minimal', written('wrong.yaml', wrong)), (failure) => failure.status === 1);
  const unresolved = asyncApi();
  delete unresolved.components.messages['live.open'];
  assert.throws(() => redocly('lint', '--extends', 'minimal', written('unresolved.yaml', unresolved)), (failure) => failure.status === 1);
});

it('its YAML holds what was written into it', () => {
  const bundled = join(folder, 'bundled.json');
  redocly('bundle', written('again.yaml', asyncApiText()), '--ext', 'json', '-o', bundled);
  assert.deepEqual(JSON.parse(readFileSync(bundled, 'utf8')), JSON.parse(JSON.stringify(asyncApi())));
});
