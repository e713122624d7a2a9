import { DriverException, ValidationError } from '@mikro-orm/core';

/** What of an error may be written down. */
export interface SafeError {
  type: string;
  code?: string;
  message?: string;
  at?: string[];
}

const MAX_MESSAGE = 300;
const MAX_FRAMES = 12;

/**
 * Cuts an error down to what cannot hold a patient's words: MikroORM puts statements with their values, JSON and zod put the
 * input itself into the message, so of those only the type, the code and the place in our code remain.
 */
export function safeError(error: unknown): SafeError {
  if (!(error instanceof Error)) return { type: typeof error };
  const safe: SafeError = { type: error.name };
  const code: unknown = 'code' in error ? error.code : undefined;
  if (typeof code === 'string') safe.code = code;
  if (!mayQuoteInput(error)) safe.message = error.message.slice(0, MAX_MESSAGE);
  safe.at = framesOf(error);
  return safe;
}

/** A frame ends with a place in a file; a message of several lines, which the stack begins with, must not pass for one. */
const FRAME = /^ {4}at (?:.* \()?(?:file:|node:|\/|[A-Z]:\\|<anonymous>)[^ ]*\)?$/;

function framesOf(error: Error): string[] {
  const stack = error.stack ?? '';
  const afterMessage = stack.indexOf(error.message) + error.message.length;
  const lines = stack.slice(Math.max(0, afterMessage)).split('\n').filter((line) => FRAME.test(line));
  return lines.slice(0, MAX_FRAMES).map((line) => line.trim());
}

function mayQuoteInput(error: Error): boolean {
  if (error instanceof DriverException || error instanceof ValidationError || error instanceof SyntaxError || error instanceof URIError) return true;
  // pg's DatabaseError has a severity; zod's error has issues.
  return 'severity' in error || 'issues' in error || error.name.startsWith('Zod');
}
