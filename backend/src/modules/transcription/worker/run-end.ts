import type { TranscriptionFailureCode } from '@auscult/contracts';
import type { Recording } from '../recording.entity.js';
import { RunSupersededError } from './fenced.js';
import { failureOf } from './transcription-failure.js';

/** How a run writes that it ended without a result. */
export interface EndableRun {
  fail(code: TranscriptionFailureCode): Promise<Recording>;
  release(reason: 'shutdown' | 'fault'): Promise<Recording>;
}

/**
 * Writes what becomes of a recording whose run was ended by `error`; null when the run was superseded and has no say any more. `run` has a
 * signal of its own: the one that stopped the work must not stop this.
 */
export async function endRun(run: EndableRun, error: unknown, shutdown: AbortSignal): Promise<Recording | null> {
  if (error instanceof RunSupersededError) return null;
  const failure = shutdown.aborted ? null : failureOf(error);
  try {
    return failure ? await run.fail(failure) : await run.release(shutdown.aborted ? 'shutdown' : 'fault');
  } catch (later) {
    if (later instanceof RunSupersededError) return null;
    throw later;
  }
}
