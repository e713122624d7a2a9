/** Lets one loop sleep until something has happened, or for a while; what happens before it sleeps is not missed. */
export class WakeUp {
  #woken = false;
  #sleeper: (() => void) | null = null;

  wake(): void {
    this.#woken = true;
    this.#sleeper?.();
  }

  /** Answers false when `timeoutMs` went by and nothing had happened. Without a time it waits for as long as it takes. */
  async sleep(timeoutMs?: number): Promise<boolean> {
    if (!this.#woken) {
      await new Promise<void>((resolve) => {
        const timer = timeoutMs === undefined ? undefined : setTimeout(resolve, timeoutMs);
        this.#sleeper = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.#sleeper = null;
    }
    const woken = this.#woken;
    this.#woken = false;
    return woken;
  }
}
