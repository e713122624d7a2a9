import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import { allowedMethods } from './allowed-methods.js';
import { ProblemError } from './problem-error.js';
import { isServerFault, toProblem } from './problem-mapping.js';

/** Answers every error of every route, of the parsers before them and of addresses that lead nowhere as a problem document. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('ProblemFilter');

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    const problem = this.refine(toProblem(error), request, response);
    if (isServerFault(problem)) this.logger.error({ err: error, route: routeOf(request) }, 'A request failed');
    if (response.headersSent) {
      // A body that broke off half-way must not look complete.
      response.destroy();
      return;
    }
    send(problem, request, response);
  }

  private refine(problem: ProblemError, request: Request, response: Response): ProblemError {
    if (problem.code !== 'not-found' || routeOf(request)) return problem;
    const methods = allowedMethods(request);
    if (methods.length === 0) return problem;
    response.setHeader('Allow', methods.join(', '));
    return new ProblemError('method-not-allowed');
  }
}

function routeOf(request: Request): string | undefined {
  const route = request.route as { path?: string } | undefined;
  return route?.path;
}

function send(problem: ProblemError, request: Request, response: Response): void {
  const { id } = request as { id?: unknown };
  const body = problem.toProblem(typeof id === 'string' ? id : undefined);
  if (body.status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
  response.setHeader('Cache-Control', 'no-store');
  response.removeHeader('Content-Length');
  response.removeHeader('Content-Encoding');
  response.status(body.status).type('application/problem+json').send(JSON.stringify(body));
}
