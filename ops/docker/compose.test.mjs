import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
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

test('docker compose accepts the file', (context) => {
  if (spawnSync('docker', ['compose', 'version']).status !== 0) return context.skip('no docker compose on this machine');
  const names = ['POSTGRES_PASSWORD', 'REDIS_PASSWORD', 'AUSCULT_MASTER_KEY', 'AUSCULT_TOKEN_SECRET'];
  const env = { ...process.env, ...Object.fromEntries(names.map((name) => [name, 'x'])) };
  const { status, stderr } = spawnSync('docker', ['compose', '--profile', 'monitoring', 'config', '--quiet'], { cwd: root, env, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
});
