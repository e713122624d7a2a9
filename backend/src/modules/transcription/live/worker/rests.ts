const FIRST_REST_MS = 500;
const LONGEST_REST_MS = 30_000;

/** Sessions whose run has failed, and how long this process leaves them alone: longer each time. By the monotonic clock. */
export class Rests {
  private readonly known = new Map<string, { until: number; restMs: number }>();

  rest(recordingId: string): void {
    const restMs = Math.min(LONGEST_REST_MS, (this.known.get(recordingId)?.restMs ?? FIRST_REST_MS / 2) * 2);
    this.known.set(recordingId, { until: performance.now() + restMs, restMs });
  }

  isResting(recordingId: string): boolean {
    return performance.now() < (this.known.get(recordingId)?.until ?? 0);
  }

  forget(recordingId: string): void {
    this.known.delete(recordingId);
  }
}
