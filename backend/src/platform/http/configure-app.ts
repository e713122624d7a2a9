import { RequestMethod } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import cookieParser from 'cookie-parser';
import type { AppConfig } from '../config/index.js';
import { serveApiDescription } from './openapi.js';
import { servePortal } from './portal.js';
import { assignRequestId } from './request-id.js';
import { devicePolicy, noStore, securityHeaders } from './security-headers.js';
import { endSilentRequests } from './silent-requests.js';

/** Larger bodies are uploads, which are streamed and never parsed. */
const MAX_JSON_BODY = '1mb';

/** Sets up the HTTP side of the api: time limits, headers, body parser, prefix, API description and portal. */
export function configureHttp(app: NestExpressApplication, config: AppConfig): void {
  endSilentRequests(app.getHttpServer());
  app.set('trust proxy', config.trustedProxies);
  app.set('query parser', 'simple');
  app.disable('etag');
  app.use(assignRequestId, securityHeaders(config.secureCookies), devicePolicy, noStore, cookieParser());
  app.useBodyParser('json', { limit: MAX_JSON_BODY });
  app.setGlobalPrefix('api', {
    exclude: [
      { path: 'health/live', method: RequestMethod.GET },
      { path: 'health/ready', method: RequestMethod.GET },
    ],
  });
  serveApiDescription(app);
  if (config.portalDir) servePortal(app, config.portalDir);
}
