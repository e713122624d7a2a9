import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../launcher/paths.mjs';

const read = (path) => readFileSync(join(root, path), 'utf8');
const alerts = read('ops/prometheus/alerts.yml');
const jobs = [...read('ops/prometheus/prometheus.yml').matchAll(/job_name: (\w+)/g)].map(([, name]) => name);

test('a job that is scraped raises an alert when none of its processes is there', () => {
  assert.ok(jobs.length > 0);
  assert.deepEqual([...alerts.matchAll(/absent\(up\{job="(\w+)"\}\)/g)].map(([, name]) => name).sort(), jobs.toSorted());
  assert.deepEqual(/up\{job=~"([^"]+)"\} == 0/.exec(alerts)[1].split('|').sort(), jobs.toSorted());
});

test('what is asked about our jobs goes by their label `name`: `job` is what Prometheus scrapes', () => {
  for (const path of ['ops/prometheus/alerts.yml', 'ops/grafana/auscult.json']) {
    const asked = read(path).split('\n').filter((line) => line.includes('auscult_jobs_total'));
    assert.ok(asked.length > 0);
    for (const line of asked) assert.match(line, /sum by \(name\b/);
  }
});

test('the runbook says where alerts are seen', () => {
  assert.match(read('docs/runbook.md'), /no Alertmanager/);
});
