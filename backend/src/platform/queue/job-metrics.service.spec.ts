import { describe, expect, it } from '@jest/globals';
import { jobNames } from '@auscult/contracts';
import { Registry } from 'prom-client';
import { JobMetrics } from './job-metrics.service.js';
import type { JobQueues } from './job-queues.service.js';

const counted = async (registry: Registry): Promise<string[]> => (await registry.getSingleMetricAsString('auscult_jobs_total')).split('\n');

describe('what jobs come to', () => {
  it('stands at 0 for each job and outcome before the first, which is an increase then', async () => {
    const registry = new Registry();
    const metrics = new JobMetrics(registry, {} as JobQueues);
    for (const name of jobNames) {
      for (const outcome of ['completed', 'failed', 'abandoned', 'postponed']) expect(await counted(registry)).toContain(`auscult_jobs_total{name="${name}",outcome="${outcome}"} 0`);
    }
    metrics.record('purge-audio', 'abandoned', 1);
    expect(await counted(registry)).toContain('auscult_jobs_total{name="purge-audio",outcome="abandoned"} 1');
  });

  it('has no label that Prometheus renames because it is its own', async () => {
    const registry = new Registry();
    new JobMetrics(registry, {} as JobQueues).record('purge-audio', 'failed', 1);
    for (const metric of ['auscult_jobs_total', 'auscult_job_duration_seconds']) expect(await registry.getSingleMetricAsString(metric)).not.toMatch(/[{,](job|instance)=/);
  });
});
