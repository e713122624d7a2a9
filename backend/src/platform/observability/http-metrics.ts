import type { NextFunction, Request, Response } from 'express';
import { Histogram, type Registry } from 'prom-client';
import { isRouted } from '../http/index.js';

/** From a cached answer to a long upload, in seconds. */
const BUCKETS = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60];

/** Measures requests by route template, method and status; what no route took (pages, files, wrong addresses) is `other`. */
export function measureRequests(registry: Registry) {
  const duration = new Histogram({
    name: 'auscult_http_request_duration_seconds',
    help: 'Time from the first byte of a request to the end of its answer',
    labelNames: ['route', 'method', 'status'] as const,
    buckets: BUCKETS,
    registers: [registry],
  });
  return (request: Request, response: Response, next: NextFunction): void => {
    const stop = duration.startTimer();
    response.once('close', () => {
      // Any token is a valid HTTP method and any path an address; only those that routes have may become labels.
      const { path } = isRouted(request) ? (request.route as { path: string }) : { path: 'other' };
      stop({ route: path, method: path === 'other' ? 'other' : request.method, status: String(response.statusCode) });
    });
    next();
  };
}
