import { Global, Module } from '@nestjs/common';
import { HealthRegistry } from './health-registry.service.js';
import { METRICS, metricsProvider } from './metrics.js';
import { MetricsServer } from './metrics-server.service.js';

/** The registry of checks alone, for a command that serves nothing. */
@Global()
@Module({ providers: [HealthRegistry], exports: [HealthRegistry] })
export class HealthModule {}

/** Metrics and health of every process; the api adds `HealthController` on its own port. */
@Global()
@Module({ imports: [HealthModule], providers: [metricsProvider, MetricsServer], exports: [METRICS, HealthModule, MetricsServer] })
export class ObservabilityModule {}
