export { HealthRegistry } from './health-registry.service.js';
export { METRICS } from './metrics.js';
export { ObservabilityModule } from './observability.module.js';
