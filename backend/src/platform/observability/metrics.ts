import type { Provider } from '@nestjs/common';
import { Registry } from 'prom-client';

/**
 * Injection token of the registry that the metrics port serves: `constructor(@Inject(METRICS) registry: Registry)`. A feature
 * makes its metrics beside itself with `registers: [registry]`. Labels never hold a name, an id or anything that was said.
 */
export const METRICS = Symbol('METRICS');

export const metricsProvider: Provider = { provide: METRICS, useFactory: () => new Registry() };
