/**
 * Runs that ended without saving anything before the work is given up. A file that kills the process must not take workers down for
 * ever.
 */
export const MAX_FRUITLESS_ATTEMPTS = 4;

/** A run tells that it lives every second; after so long without a sign it is taken for dead and another may claim. */
export const RUN_PRESUMED_DEAD_MS = 12_000;

/** Whether the run that gave this sign of life last is taken for dead; by a clock that is so far ahead, the sign says nothing. */
export function isPresumedDead(heartbeatAt: Date | null, now: Date): boolean {
  return heartbeatAt === null || Math.abs(now.getTime() - heartbeatAt.getTime()) > RUN_PRESUMED_DEAD_MS;
}

/** Work of a recording that runs take over, each with a fencing token. Load the row with a write lock before calling. */
export interface Claimable {
  /** `taken` when another run is alive or there is nothing to do; `given-up` when too many runs came to nothing: it has failed then. */
  claim(runId: string, now: Date): 'claimed' | 'taken' | 'given-up';
  /** The queue has given the job up. Answers whether the work has failed now. */
  abandon(now: Date): boolean;
}
