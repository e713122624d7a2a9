import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../launcher/paths.mjs';

const nginx = process.env.AUSCULT_NGINX || 'nginx';

test("the portal's files come with the same security headers from nginx as from the api", async () => {
  const { securityHeaders, devicePolicy } = await import(join(root, 'backend/dist/platform/http/security-headers.js'));
  const sent = {};
  const response = { setHeader: (name, value) => (sent[name.toLowerCase()] = value), removeHeader: () => undefined };
  securityHeaders(false)({}, response, () => undefined);
  devicePolicy({}, response, () => undefined);
  const configured = Object.fromEntries(
    readFileSync(join(import.meta.dirname, 'security-headers.conf'), 'utf8').split('\n').filter((line) => line.startsWith('add_header')).map((line) => {
      const [, name, value] = /^add_header (\S+) "?([^"]*)"? always;$/.exec(line);
      return [name.toLowerCase(), value];
    }),
  );
  assert.deepEqual(configured, sent);
});

test('nginx accepts the configuration', (context) => {
  if (spawnSync(nginx, ['-v']).status !== 0) return context.skip('no nginx on this machine (AUSCULT_NGINX)');
  const folder = mkdtempSync(join(tmpdir(), 'auscult-nginx-'));
  // The name `api` exists only inside the composed network.
  const config = readFileSync(join(import.meta.dirname, 'nginx.conf'), 'utf8').replace('server api:3000', 'server 127.0.0.1:3000').replaceAll(/\/tmp\/nginx\.pid|\/dev\/stdout/g, `${folder}/scratch`);
  writeFileSync(join(folder, 'nginx.conf'), config);
  writeFileSync(join(folder, 'mime.types'), 'types { text/html html; }');
  writeFileSync(join(folder, 'security-headers.conf'), readFileSync(join(import.meta.dirname, 'security-headers.conf')));
  const { status, stderr } = spawnSync(nginx, ['-t', '-p', folder, '-c', join(folder, 'nginx.conf')], { encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  assert.equal(status, 0, stderr);
});
