import type { Problem } from '@auscult/contracts';
import { ProblemError, UnreachableError } from '../errors.js';

/** It could not be served just now; the same request may go well later. */
export function isPassing(error: unknown): boolean {
  if (error instanceof UnreachableError) return true;
  // A token that ran out (401) is renewed by the realtime client, which connects again.
  return error instanceof ProblemError && (error.status >= 500 || error.status === 429 || error.status === 401);
}

const found = {
  'live-replaced': { status: 409, title: 'Another window or device has taken this session over' },
  'live-ended': { status: 409, title: 'The session has ended; nothing more can be added' },
  'unavailable': { status: 503, title: 'The service is not ready; try again shortly' },
} as const satisfies Partial<Record<Problem['code'], { status: number; title: string }>>;

/** What the server would say, where its events or silence say it. */
export function refusal(code: keyof typeof found): ProblemError {
  return new ProblemError({ type: `/problems/${code}`, code, ...found[code] });
}
