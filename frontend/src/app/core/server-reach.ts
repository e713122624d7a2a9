import { Injectable, signal } from '@angular/core';

/** Whether the first question to the server failed: then no page can be shown and the whole window says so. */
@Injectable({ providedIn: 'root' })
export class ServerReach {
  private readonly cause = signal<unknown>(null);
  /** What went wrong; null while all is well. */
  readonly failure = this.cause.asReadonly();

  /** Runs the work; false when it failed. */
  async attempt(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      this.cause.set(null);
      return true;
    } catch (error) {
      this.cause.set(error);
      return false;
    }
  }
}
