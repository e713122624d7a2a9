import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../launcher/paths.mjs';

const nginx = process.env.AUSCULT_NGINX || 'nginx';
const conf = readFileSync(join(import.meta.dirname, 'nginx.conf'), 'utf8');

/** `server ... resolve` came to the free nginx with 1.27.3. */
function knowsResolve(version) {
  const [major, minor, patch = Infinity] = version.match(/\d+/g).map(Number);
  return major * 1e6 + minor * 1e3 + Math.min(patch, 999) >= 1_027_003;
}

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

test('the api is found again when its container is made anew', () => {
  const upstream = /upstream api \{[^}]*\}/.exec(conf)[0];
  assert.match(conf, /^ {2}resolver 127\.0\.0\.11 valid=\d+s;$/m);
  assert.match(upstream, /zone api \w+;/);
  assert.match(upstream, /server api:3000 resolve;/);
  const image = /^FROM nginxinc\/nginx-unprivileged:(\S+)/m.exec(readFileSync(join(root, 'ops/docker/Dockerfile'), 'utf8'))[1];
  assert.ok(knowsResolve(image), `nginx ${image} knows no resolve`);
});

test('what asks for health is answered by the api, never by the page', () => {
  assert.match(conf, /location \/health\/ \{[^}]*proxy_pass http:\/\/api;[^}]*\}/);
  assert.doesNotMatch(conf.replace(/location \/health\/ \{[^}]*\}/, ''), /health/);
});

test('nginx accepts the configuration', (context) => {
  const { status: found, stderr: version } = spawnSync(nginx, ['-v'], { encoding: 'utf8' });
  if (found !== 0) return context.skip('no nginx on this machine (AUSCULT_NGINX)');
  const folder = mkdtempSync(join(tmpdir(), 'auscult-nginx-'));
  // The name `api` exists only inside the composed network.
  let config = conf.replace('server api:3000', 'server 127.0.0.1:3000').replaceAll(/\/tmp\/nginx\.pid|\/dev\/stdout/g, `${folder}/scratch`);
  if (!knowsResolve(/nginx\/(\S+)/.exec(version)[1])) {
    context.diagnostic(`${version.trim()} is older than the container's: checked without resolve`);
    config = config.replace(' resolve;', ';');
  }
  writeFileSync(join(folder, 'nginx.conf'), config);
  writeFileSync(join(folder, 'mime.types'), 'types { text/html html; }');
  writeFileSync(join(folder, 'security-headers.conf'), readFileSync(join(import.meta.dirname, 'security-headers.conf')));
  const { status, stderr } = spawnSync(nginx, ['-t', '-p', folder, '-c', join(folder, 'nginx.conf')], { encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  assert.equal(status, 0, stderr);
});
