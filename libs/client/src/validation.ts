import * as contracts from '@auscult/contracts';
import type { AnswerCheck } from './answers.js';
import { UnexpectedAnswerError } from './errors.js';

/** Parses every answer with its whole contract: for tests, and for scripts that talk to a server they do not know. */
export const contractCheck: AnswerCheck = (name, value) => {
  const parsed = contracts[name].safeParse(value);
  if (!parsed.success) throw new UnexpectedAnswerError(name, { cause: parsed.error });
  return parsed.data as never;
};
