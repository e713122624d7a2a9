export { HealthController } from './health.controller.js';
export { HealthRegistry } from './health-registry.service.js';
export { measureRequests } from './http-metrics.js';
export { loggerModule } from './logger.js';
export { METRICS } from './metrics.js';
export { MetricsServer } from './metrics-server.service.js';
export { HealthModule, ObservabilityModule } from './observability.module.js';
export { type SafeError, safeError } from './safe-error.js';
