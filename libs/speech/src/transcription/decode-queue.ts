/**
 * Runs tasks with a bound on how many are in flight, first come first served. The first failure stays and stops the rest.
 */
export class DecodeQueue {
  private readonly waiting: (() => Promise<void>)[] = [];
  private running = 0;
  private failure: { readonly reason: unknown } | null = null;
  private wake: (() => void)[] = [];

  constructor(private readonly parallel: number) {}

  /** Whether more should be found to do: all are busy and as many wait again. */
  get isFull(): boolean {
    return this.running + this.waiting.length >= 2 * this.parallel;
  }

  add(task: () => Promise<void>): void {
    this.waiting.push(task);
    this.start();
  }

  /** Resolves when some task ends. */
  change(): Promise<void> {
    return new Promise((resolve) => this.wake.push(resolve));
  }

  throwIfFailed(): void {
    if (this.failure) throw this.failure.reason;
  }

  /** Drops what waits; what runs ends by itself. */
  clear(): void {
    this.waiting.length = 0;
  }

  private start(): void {
    while (this.running < this.parallel && !this.failure) {
      const task = this.waiting.shift();
      if (!task) return;
      this.running += 1;
      void this.run(task);
    }
  }

  private async run(task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (reason) {
      this.failure ??= { reason };
    }
    this.running -= 1;
    this.start();
    for (const wake of this.wake.splice(0)) wake();
  }
}
