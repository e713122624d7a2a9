import { HttpException } from '@nestjs/common';
import { type Problem, type ProblemCode, problems } from '@auscult/contracts';

/**
 * A refusal with a stable code from the contracts; the filters turn it into a problem document (RFC 9457).
 * `detail` is for people and must hold nothing spoken, no name and no token.
 */
export class ProblemError extends HttpException {
  constructor(
    readonly code: ProblemCode,
    readonly detail?: string,
    readonly issues?: Problem['issues'],
  ) {
    super(problems[code].title, problems[code].status);
    this.name = 'ProblemError';
  }

  toProblem(requestId?: string): Problem {
    const { title, status } = problems[this.code];
    const problem: Problem = { type: `/problems/${this.code}`, code: this.code, title, status };
    if (this.detail) problem.detail = this.detail;
    if (requestId) problem.requestId = requestId;
    if (this.issues) problem.issues = this.issues;
    return problem;
  }
}
