import { afterEach, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import type { AppConfig } from '../config/index.js';
import { HealthRegistry } from './health-registry.service.js';
import { MetricsServer } from './metrics-server.service.js';

let server: MetricsServer | undefined;
afterEach(() => server?.onApplicationShutdown());

describe('the operator port', () => {
  it('listens where it is told, not where the portal does', async () => {
    const config = { host: '0.0.0.0', metricsHost: '127.0.0.1', metricsPort: 0 } as AppConfig;
    server = new MetricsServer(config, new Registry(), new HealthRegistry());
    await server.onApplicationBootstrap();
    expect((await fetch(`http://127.0.0.1:${server.port}/health/live`)).status).toBe(200);
    await expect(fetch(`http://127.0.0.2:${server.port}/health/live`)).rejects.toThrow('fetch failed');
  });
});
