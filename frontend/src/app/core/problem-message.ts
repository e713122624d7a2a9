import { ProblemError, UnexpectedAnswerError, UnreachableError } from '@auscult/client';
import type { ProblemCode } from '@auscult/contracts';

/** What went wrong and what to do about it, for people. */
export interface ProblemMessage {
  title: string;
  advice: string;
}

const advice: Partial<Record<ProblemCode, string>> = {
  'sign-in-required': 'Sign in again to continue.',
  'session-ended': 'Sign in again to continue. Nothing that was saved is lost.',
  'forbidden': 'Ask the administrator of your practice if you need it.',
  'not-found': 'It may have been deleted. Go back to the list.',
  'conflict': 'Load it again to see the newest state, then repeat your change.',
  'recording-state': 'Load the list again to see where it stands.',
  'storage-full': 'Ask the operator of this server to free some room. Nothing that was saved is lost.',
  'unavailable': 'The service is starting or very busy. Try again in a moment.',
  'internal': 'Try again. If it happens again, tell the operator of this server the time of day.',
  'upload-too-large': 'Split the recording or export it with a lower bit rate.',
  'upload-empty': 'Check that the recording was saved, then choose it again.',
  'audio-unreadable': 'Export it as WAV, MP3 or M4A and try again.',
};

/** Turns anything that was thrown into words. Never shows raw error texts: they help nobody and may hold names. */
export function problemMessage(error: unknown): ProblemMessage {
  if (error instanceof ProblemError) {
    if (error.code === 'too-many-requests') return tooMany(error.retryAfterSeconds);
    const { title, detail } = error.problem;
    return { title, advice: detail ?? advice[error.code] ?? 'Try again.' };
  }
  if (error instanceof UnreachableError) {
    return { title: 'The server cannot be reached', advice: 'Check your connection, then try again.' };
  }
  if (error instanceof UnexpectedAnswerError) {
    return { title: 'The server gave an answer that this page does not understand', advice: 'Load the page again to get its newest version.' };
  }
  return { title: 'Something went wrong on this page', advice: 'Load the page again.' };
}

/** The same as one text, for places that show no heading. */
export function problemSentence(error: unknown): string {
  const { title, advice } = problemMessage(error);
  return `${title}. ${advice}`;
}

function tooMany(seconds: number | null): ProblemMessage {
  const wait = seconds === null ? 'a minute' : `${seconds} ${seconds === 1 ? 'second' : 'seconds'}`;
  return { title: 'Too many attempts', advice: `Wait ${wait}, then try again.` };
}
