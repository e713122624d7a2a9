/** How often something may happen: `burst` times at once, then `perSecond`. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** Counts what happens against a rate. What is refused is counted too, so that whoever does not slow down sinks deeper. */
export class TokenBucket {
  private tokens: number;
  private countedAt: number;

  /** @param now monotonic milliseconds */
  constructor(
    private readonly rate: Rate,
    now: number,
  ) {
    this.tokens = rate.burst;
    this.countedAt = now;
  }

  /** `deaf`: as many again as the burst allows were refused and sent nevertheless. */
  take(now: number): 'allowed' | 'refused' | 'deaf' {
    this.tokens = Math.min(this.rate.burst, this.tokens + ((now - this.countedAt) / 1000) * this.rate.perSecond) - 1;
    this.countedAt = now;
    if (this.tokens >= 0) return 'allowed';
    return this.tokens < -this.rate.burst ? 'deaf' : 'refused';
  }
}
