import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import type { AppConfig } from '../config/index.js';
import { safeError } from './safe-error.js';

type LoggedRequest = IncomingMessage & { route?: { path?: string } };

/** A request id from a proxy in front is kept if it is harmless in a log and a header. */
const REQUEST_ID = /^[\w-]{8,64}$/;

/** Whatever slips into the fields of a log line under these names is cut out. */
const SECRETS = ['password', 'token', 'accessToken', 'refreshToken', 'authorization', 'cookie', 'email', 'fileName', 'title', 'text', 'name'];

/**
 * One JSON line for each event on standard output. A request is logged by its route template, never by its address: addresses
 * hold link tokens and search words.
 */
export function loggerModule(config: AppConfig): DynamicModule {
  return LoggerModule.forRoot({
    pinoHttp: {
      level: config.logLevel,
      base: { process: config.role },
      redact: { paths: SECRETS.flatMap((key) => [key, `*.${key}`]), remove: true },
      formatters: { level: (label: string) => ({ level: label }) },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      quietReqLogger: true,
      genReqId: requestId,
      autoLogging: { ignore: (request: IncomingMessage) => (request.url ?? '').startsWith('/health/') },
      customLogLevel: (_request: IncomingMessage, response: ServerResponse, error?: Error) => {
        if (error || response.statusCode >= 500) return 'warn';
        return 'info';
      },
      customSuccessMessage: () => 'request',
      customErrorMessage: () => 'request',
      customProps: (request: LoggedRequest) => ({ route: request.route?.path }),
      serializers: {
        req: (request: { id: unknown; method: string }) => ({ id: request.id, method: request.method }),
        res: (response: { statusCode: number }) => ({ status: response.statusCode }),
        err: safeError,
      },
    },
  });
}

function requestId(request: IncomingMessage, response: ServerResponse): string {
  const given = request.headers['x-request-id'];
  const id = typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
  response.setHeader('X-Request-Id', id);
  return id;
}
