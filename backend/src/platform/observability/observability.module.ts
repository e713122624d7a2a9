import { Global, Module } from '@nestjs/common';
import { HealthRegistry } from './health-registry.service.js';
import { METRICS, metricsProvider } from './metrics.js';

@Global()
@Module({ providers: [metricsProvider, HealthRegistry], exports: [METRICS, HealthRegistry] })
export class ObservabilityModule {}
