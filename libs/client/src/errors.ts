import { type Problem, type ProblemCode, problemCodeOfStatus, problems } from '@auscult/contracts';

/** The server refused a request. Decide by `code`; `message` is for people. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  constructor(
    readonly problem: Problem,
    /** From the Retry-After header, where the server sent one. */
    readonly retryAfterSeconds: number | null = null,
  ) {
    super(problem.detail ?? problem.title);
  }
  get code(): ProblemCode {
    return this.problem.code;
  }
  get status(): number {
    return this.problem.status;
  }
  /** Is it this problem? */
  static is(error: unknown, ...codes: ProblemCode[]): error is ProblemError {
    return error instanceof ProblemError && (codes.length === 0 || codes.includes(error.code));
  }
}

/** The server could not be reached: no network, or nobody answers. Worth another try. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
  constructor(options?: { cause?: unknown }) {
    super('The server cannot be reached. Check the connection.', options);
  }
}

/** The server answered with something that the contracts do not describe; an older or newer server, or a proxy's page. */
export class UnexpectedAnswerError extends Error {
  override readonly name = 'UnexpectedAnswerError';
  constructor(what: string, options?: { cause?: unknown }) {
    super(`The server's answer is not a valid ${what}.`, options);
  }
}

/** Makes the error of an answer that is not 2xx, from its problem document or else from its status. */
export async function problemOf(response: Response): Promise<ProblemError> {
  const body: unknown = await response.json().catch(() => null);
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
  return new ProblemError(
    isProblem(body) ? body : problemOfStatus(response.status),
    Number.isFinite(retryAfter) ? retryAfter : null,
  );
}

/** Without a problem document the answer is that of a proxy in between. */
function problemOfStatus(status: number): Problem {
  const code = problemCodeOfStatus(status);
  return { type: `/problems/${code}`, code, status, title: problems[code].title };
}

export function isProblem(value: unknown): value is Problem {
  if (typeof value !== 'object' || value === null) return false;
  const { code, title, status } = value as Partial<Record<keyof Problem, unknown>>;
  return typeof code === 'string' && typeof title === 'string' && typeof status === 'number';
}
