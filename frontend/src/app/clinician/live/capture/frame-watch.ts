/** Longer than any browser holds frames back while it works: then no sound comes in. */
const PATIENCE_MS = 3_000;
const LOOK_MS = 1_000;

/** Tells by the clock whether frames come. One look is not enough: after a computer has slept the first one comes before the first frame. */
export class FrameWatch {
  private timer: ReturnType<typeof setInterval> | null = null;
  private lastAt = 0;
  private looks = 0;

  /** @param onMissing called once for each silence, with the moment from which on frames are missing, as Date.now() gives it */
  constructor(private readonly onMissing: (since: number) => void) {}

  /** Frames are due from now on. */
  begin(): void {
    this.heard();
    this.timer ??= setInterval(() => this.look(), LOOK_MS);
  }

  heard(): void {
    this.lastAt = Date.now();
    this.looks = 0;
  }

  /** None is due any more. */
  end(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
  }

  private look(): void {
    this.looks += 1;
    if (this.looks < 2 || Date.now() - this.lastAt < PATIENCE_MS) return;
    this.end();
    this.onMissing(this.lastAt);
  }
}
