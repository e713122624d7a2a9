import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';

/** An id from a proxy in front is kept if it is harmless in a log and a header. */
const HARMLESS = /^[\w-]{8,64}$/;

/** Names each request, before anything can refuse it: in the answer's header, in a problem's body and in the log. */
export function assignRequestId(request: Request & { id?: unknown }, response: Response, next: NextFunction): void {
  const given = request.headers['x-request-id'];
  const id = typeof given === 'string' && HARMLESS.test(given) ? given : randomUUID();
  request.id = id;
  response.setHeader('X-Request-Id', id);
  next();
}
