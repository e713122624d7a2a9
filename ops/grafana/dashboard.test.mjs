import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../launcher/paths.mjs';

/** Names of the metrics as the backend makes them, each written out, so that one can search for it. */
function madeMetrics() {
  const folder = join(root, 'backend/src');
  const files = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.ts'));
  return new Set(files.flatMap((name) => [...readFileSync(join(folder, name), 'utf8').matchAll(/'(auscult_\w+)'/g)].map(([, metric]) => metric)));
}

for (const path of ['ops/grafana/auscult.json', 'ops/prometheus/alerts.yml']) {
  test(`${path} asks only for metrics that exist`, () => {
    const made = madeMetrics();
    const asked = [...readFileSync(join(root, path), 'utf8').matchAll(/auscult_\w+/g)].map(([name]) => name);
    assert.ok(asked.length > 0);
    assert.deepEqual(asked.filter((name) => !made.has(name) && !made.has(name.replace(/_(bucket|count|sum)$/, ''))), []);
  });
}
