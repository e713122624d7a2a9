import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import type { AppConfig } from '../config/index.js';
import { type SafeError, safeError } from './safe-error.js';

type LoggedRequest = IncomingMessage & { id: string; route?: { path?: string } };
interface LoggedResponse {
  statusCode: number;
  raw: { req: LoggedRequest };
}

/** pino-http hands over its own idea of the error, which holds the message; the error itself hides in `raw`. */
function loggedError(error: { raw?: unknown }): SafeError {
  return safeError(error.raw ?? error);
}

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
      // Assigned by the first middleware of the api.
      genReqId: (request: LoggedRequest) => request.id,
      autoLogging: { ignore: (request: IncomingMessage) => (request.url ?? '').startsWith('/health/') },
      customLogLevel: (_request: IncomingMessage, response: ServerResponse, error?: Error) => {
        if (error || response.statusCode >= 500) return 'warn';
        return 'info';
      },
      customSuccessMessage: () => 'request',
      customErrorMessage: () => 'request',
      serializers: {
        req: (request: { id: unknown; method: string }) => ({ id: request.id, method: request.method }),
        res: ({ statusCode, raw }: LoggedResponse) => ({ status: statusCode, route: raw.req.route?.path }),
        err: loggedError,
      },
    },
  });
}
