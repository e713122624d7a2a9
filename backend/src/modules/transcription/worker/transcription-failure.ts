import type { TranscriptionFailureCode } from '@auscult/contracts';
import { AudioError } from '@auscult/speech';
import { ObjectDamagedError, ObjectNotFoundError } from '../../storage/index.js';

/** The failure that trying again cannot mend; null for everything unexpected. */
export function failureOf(error: unknown): TranscriptionFailureCode | null {
  if (error instanceof AudioError) return error.code;
  if (error instanceof ObjectNotFoundError) return 'audio-missing';
  if (error instanceof ObjectDamagedError) return 'audio-damaged';
  return null;
}
