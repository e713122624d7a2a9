import type { Problem, ProblemCode } from '@auscult/contracts';

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

/** Codes for answers without a problem document: those of a proxy in between. */
const codeOfStatus: Record<number, ProblemCode> = {
  400: 'request-invalid',
  401: 'sign-in-required',
  403: 'forbidden',
  404: 'not-found',
  405: 'method-not-allowed',
  409: 'conflict',
  410: 'link-expired',
  413: 'upload-too-large',
  415: 'media-type-unsupported',
  429: 'too-many-requests',
  502: 'unavailable',
  503: 'unavailable',
  504: 'unavailable',
  507: 'storage-full',
};

const titleOfCode: Partial<Record<ProblemCode, string>> = {
  'unavailable': 'The service is not ready; try again shortly',
  'upload-too-large': 'The file is larger than this server accepts',
  'too-many-requests': 'Too many requests; wait a moment and try again',
};

/** Makes the error of an answer that is not 2xx, from its problem document or else from its status. */
export async function problemOf(response: Response): Promise<ProblemError> {
  const body: unknown = await response.json().catch(() => null);
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
  return new ProblemError(
    isProblem(body) ? body : problemOfStatus(response.status),
    Number.isFinite(retryAfter) ? retryAfter : null,
  );
}

function problemOfStatus(status: number): Problem {
  const code = codeOfStatus[status] ?? 'internal';
  return { type: `/problems/${code}`, code, status, title: titleOfCode[code] ?? 'Something went wrong on the server' };
}

export function isProblem(value: unknown): value is Problem {
  if (typeof value !== 'object' || value === null) return false;
  const { code, title, status } = value as Partial<Record<keyof Problem, unknown>>;
  return typeof code === 'string' && typeof title === 'string' && typeof status === 'number';
}
