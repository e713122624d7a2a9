import { LIVE_LEASE_SECONDS } from '../live-session.repository.js';

/** Less than the database's, so that this process doubts its lease before another can have it. */
const SURE_FOR_MS = (LIVE_LEASE_SECONDS - 1.5) * 1000;

/**
 * Whether this process may believe that it still holds a session. What is written is fenced by the database; this keeps a process that
 * stood still (or lost the database) from publishing what nobody can fence. By the monotonic clock, which no clock jump moves.
 */
export class Lease {
  private renewedAt = performance.now();

  /** @param askedAt when the renewal was asked for: the lease counts from there at the earliest */
  renewed(askedAt: number): void {
    this.renewedAt = askedAt;
  }

  get isSure(): boolean {
    return performance.now() - this.renewedAt < SURE_FOR_MS;
  }
}
