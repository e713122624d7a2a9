import { HttpException } from '@nestjs/common';
import { DriverException, NotFoundError, OptimisticLockError, UniqueConstraintViolationException } from '@mikro-orm/core';
import { type ProblemCode, problemCodeOfStatus, problems } from '@auscult/contracts';
import { ProblemError } from './problem-error.js';

/**
 * SQLSTATE classes, https://www.postgresql.org/docs/current/errcodes-appendix.html: 22 is a value that the database cannot
 * take (a NUL character, a number too large), 23 a constraint, 40 two transactions in each other's way, 08/53/57 a database
 * that is away, full or shutting down.
 */
const bySqlStateClass: Record<string, ProblemCode> = {
  '08': 'unavailable',
  '22': 'request-invalid',
  '23': 'conflict',
  '40': 'conflict',
  '53': 'unavailable',
  '57': 'unavailable',
};

/** pg and its pool give some errors nothing but a message. */
export function saysNoConnection({ message }: Error): boolean {
  return /timeout exceeded when trying to connect|Connection terminated|connection timeout|Client has encountered a connection error/i.test(message);
}

const NETWORK_ERRORS = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'ETIMEDOUT', 'EPIPE', 'EAI_AGAIN']);

/** Turns whatever was thrown into a problem. What nobody foresaw is `internal`, and only that is worth an error in the log. */
export function toProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof NotFoundError) return new ProblemError('not-found');
  if (error instanceof UniqueConstraintViolationException || error instanceof OptimisticLockError) return new ProblemError('conflict');
  if (error instanceof DriverException) return new ProblemError(ofDatabase(error));
  if (error instanceof URIError) return new ProblemError('request-invalid');
  const status = statusOf(error);
  return new ProblemError(status === undefined ? ofUnknown(error) : problemCodeOfStatus(status));
}

/** Nest's exceptions carry a status; so do those of express' parsers (`http-errors`, which mark what is the caller's fault). */
function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  if (!(error instanceof Error) || !('expose' in error) || !('status' in error)) return undefined;
  return typeof error.status === 'number' ? error.status : undefined;
}

function ofDatabase(error: DriverException): ProblemCode {
  const code: unknown = (error as { code?: unknown }).code;
  if (typeof code !== 'string') return saysNoConnection(error) ? 'unavailable' : 'internal';
  if (NETWORK_ERRORS.has(code)) return 'unavailable';
  // A character that a statement cannot carry breaks the protocol and looks like a broken connection.
  if (code === '08P01') return 'request-invalid';
  return bySqlStateClass[code.slice(0, 2)] ?? 'internal';
}

function ofUnknown(error: unknown): ProblemCode {
  const code: unknown = error instanceof Error && 'syscall' in error && 'code' in error ? error.code : undefined;
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'storage-full';
  return typeof code === 'string' && NETWORK_ERRORS.has(code) ? 'unavailable' : 'internal';
}

export function isServerFault(problem: ProblemError): boolean {
  return problems[problem.code].status === 500;
}
