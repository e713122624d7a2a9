import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import { allowedMethods, isRouted } from './allowed-methods.js';
import { ProblemError } from './problem-error.js';
import { isServerFault, toProblem } from './problem-mapping.js';

/** Answers every error of every route, of the parsers before them and of addresses that lead nowhere as a problem document. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('ProblemFilter');

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    const problem = toProblem(error);
    if (isServerFault(problem)) this.logger.error({ err: error, route: (request.route as { path?: string } | undefined)?.path }, 'A request failed');
    sendProblem(problem, request, response);
  }
}

/** The last handler of all: for addresses outside /api that lead nowhere, which the framework would answer with a page. */
export function answerNotFound(request: Request, response: Response): void {
  sendProblem(new ProblemError('not-found'), request, response);
}

function sendProblem(given: ProblemError, request: Request, response: Response): void {
  if (response.headersSent) {
    // A body that broke off half-way must not look complete.
    response.destroy();
    return;
  }
  const problem = refine(given, request, response);
  const { id } = request as { id?: unknown };
  const body = problem.toProblem(typeof id === 'string' ? id : undefined);
  if (body.status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
  response.setHeader('Cache-Control', 'no-store');
  response.removeHeader('Content-Length');
  response.removeHeader('Content-Encoding');
  response.status(body.status).type('application/problem+json').send(JSON.stringify(body));
}

/** Where no route took the request, another method may have one. */
function refine(problem: ProblemError, request: Request, response: Response): ProblemError {
  if (problem.code !== 'not-found' || isRouted(request)) return problem;
  const methods = allowedMethods(request);
  if (methods.length === 0) return problem;
  response.setHeader('Allow', methods.join(', '));
  return new ProblemError('method-not-allowed');
}
