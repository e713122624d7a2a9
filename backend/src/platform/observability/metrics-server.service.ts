import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { type Registry, collectDefaultMetrics } from 'prom-client';
import { APP_CONFIG, type AppConfig } from '../config/index.js';
import { HealthRegistry } from './health-registry.service.js';
import { METRICS } from './metrics.js';

/**
 * How often the delay of the event loop is looked at; what `nodejs_eventloop_lag_*` says includes it. Each look wakes the process: every 10 ms, as usual, was half of what a worker
 * that had nothing to do was busy with.
 */
const EVENT_LOOP_LOOK_MS = 100;

/** The operator's port: Prometheus at /metrics, and the health that also the worker, which has no other port, answers. */
@Injectable()
export class MetricsServer implements OnApplicationBootstrap, OnApplicationShutdown {
  private server: Server | undefined;

  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    @Inject(METRICS) private readonly registry: Registry,
    private readonly health: HealthRegistry,
  ) {}

  /** The port in use, which matters when any free one was asked for. */
  get port(): number {
    return (this.server?.address() as AddressInfo | null)?.port ?? 0;
  }

  async onApplicationBootstrap(): Promise<void> {
    collectDefaultMetrics({ register: this.registry, eventLoopMonitoringPrecision: EVENT_LOOP_LOOK_MS });
    const server = createServer((request, response) => void this.answer(request, response));
    this.server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.config.metricsPort, this.config.metricsHost, resolve);
    });
  }

  async onApplicationShutdown(): Promise<void> {
    const { server } = this;
    if (!server) return;
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      if (request.url === '/metrics') return send(response, 200, this.registry.contentType, await this.registry.metrics());
      if (request.url === '/health/live') return send(response, 200, 'application/json', '{"status":"up"}');
      if (request.url === '/health/ready') {
        const readiness = await this.health.readiness();
        return send(response, readiness.status === 'up' ? 200 : 503, 'application/json', JSON.stringify(readiness));
      }
      send(response, 404, 'text/plain', 'Nothing here\n');
    } catch {
      // A gauge that could not be read must not take the process down.
      send(response, 500, 'text/plain', 'Metrics could not be collected\n');
    }
  }
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' }).end(body);
}
