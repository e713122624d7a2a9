import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../launcher/paths.mjs';

const read = (path) => readFileSync(join(root, path), 'utf8');
const parts = ['api', 'worker', 'live'];

/** The lines of one service in docker-compose.yml. */
const service = (name) => new RegExp(`^  ${name}:\\n((?:    .*\\n|\\n)+)`, 'm').exec(read('docker-compose.yml'))?.[1] ?? '';
/** The lines of one stage in the Dockerfile. */
const stage = (name) => read('ops/docker/Dockerfile').split(/^FROM /m).find((text) => text.split('\n')[0].endsWith(` AS ${name}`)) ?? '';

for (const part of parts) {
  test(`the container of ${part} runs its main, says when it is ready and is scraped where it listens`, () => {
    const port = new RegExp(`\\b${part}: (\\d+)`).exec(/METRICS_PORTS[^;]+;/.exec(read('backend/src/platform/config/load-config.ts'))[0])[1];
    assert.match(service(part), new RegExp(`target: ${part} \\}`));
    assert.match(stage(part), new RegExp(`EXPOSE (\\d+ )?${port}\\n`));
    assert.match(stage(part), new RegExp(`backend/dist/main\\.${part}\\.js`));
    assert.match(stage(part), /HEALTHCHECK .+\/health\/ready/);
    assert.match(read('ops/prometheus/prometheus.yml'), new RegExp(`names: \\[${part}\\], type: A, port: ${port},`));
  });
}

test('the first accounts are made by a command that README names, in a container that has what it needs', () => {
  const command = /^docker compose run --rm (\w+) node (backend\/dist\/[\w.]+)$/m.exec(read('README.md'));
  assert.ok(command, 'README names no command');
  assert.equal(command[1], 'api');
  assert.ok(existsSync(join(root, command[2].replace('/dist/', '/src/').replace(/\.js$/, '.ts'))), command[2]);
  assert.ok(read('.env.example').includes(command[0]));
});

test('only what comes by the composed network may name the caller', () => {
  const compose = read('docker-compose.yml');
  const network = /subnet: "(\$\{SUBNET:-[\d./]+\})"/.exec(compose)?.[1];
  const trusted = /^ {4}AUSCULT_TRUSTED_PROXIES: (.+)$/m.exec(compose)[1];
  assert.equal(trusted, `${network}\${AUSCULT_TRUSTED_PROXIES:+,\${AUSCULT_TRUSTED_PROXIES}}`);
});

test('no sound from Redis reaches a disk', () => {
  assert.match(service('redis'), /valkey-server --appendonly no --save '' /);
  assert.match(service('redis'), /tmpfs: \[\/data\]/);
  assert.doesNotMatch(service('redis'), /volumes:/);
});

test('migrations get neither keys nor audio', () => {
  assert.match(service('migrate'), /^ {4}environment:\n {6}DATABASE_URL: \S.*\n {4}volumes: \[\]\n/m);
});

test('the database is healthy only when it answers at its address, not while the first start makes it', () => {
  assert.match(service('postgres'), /"pg_isready", "-h", "127\.0\.0\.1"/);
});

test('Grafana does not start without a password', () => {
  const script = JSON.parse(/entrypoint: (\[.+\])/.exec(service('grafana'))?.[1] ?? '["sh", "-c", "exec /run.sh"]')[2];
  const run = (password) => spawnSync('sh', ['-c', script.replaceAll('$$', '$').replace('/run.sh', 'echo started')], { env: { PATH: process.env.PATH, GF_SECURITY_ADMIN_PASSWORD: password }, encoding: 'utf8' });
  assert.deepEqual([run('').status, run('').stdout], [1, '']);
  assert.match(run('').stderr, /GRAFANA_PASSWORD is missing/);
  assert.equal(run('a password').stdout, 'started\n');
});

/** What the composed containers have a value of their own for, or what only `npm start` or a test sets. */
const notForOperators = ['NODE_ENV', 'HOST', 'PORT', 'METRICS_HOST', 'METRICS_PORT', 'AUSCULT_DATA_DIR', 'AUSCULT_MODEL', 'AUSCULT_LIVE_MODEL', 'AUSCULT_MODEL_DIR', 'AUSCULT_REDIS_PREFIX', 'AUSCULT_RECOGNIZER', 'AUSCULT_PORTAL_DIR', 'AUSCULT_DEMO_PASSWORD'];

test('every setting reaches the containers, and .env.example names those that may be given', () => {
  const names = [...read('backend/src/platform/config/load-config.ts').matchAll(/^ {2}([A-Z][A-Z_]+): /gm)].map(([, name]) => name);
  const environment = /environment: &environment\n((?: {4}.*\n)+)/.exec(read('docker-compose.yml'))[1];
  const passed = [...environment.matchAll(/^ {4}([A-Z_]+):/gm)].map(([, name]) => name);
  assert.deepEqual(names.filter((name) => !notForOperators.includes(name)).sort(), passed.sort());
  const withoutValue = [...environment.matchAll(/^ {4}([A-Z_]+):$/gm)].map(([, name]) => name);
  assert.deepEqual(withoutValue.filter((name) => !read('.env.example').includes(`# ${name}=`)), []);
});

test('docker compose accepts the file', (context) => {
  if (spawnSync('docker', ['compose', 'version']).status !== 0) return context.skip('no docker compose on this machine');
  const names = ['POSTGRES_PASSWORD', 'REDIS_PASSWORD', 'AUSCULT_MASTER_KEY', 'AUSCULT_TOKEN_SECRET'];
  const env = { ...process.env, ...Object.fromEntries(names.map((name) => [name, 'x'])) };
  const { status, stderr } = spawnSync('docker', ['compose', '--profile', 'monitoring', 'config', '--quiet'], { cwd: root, env, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
});
