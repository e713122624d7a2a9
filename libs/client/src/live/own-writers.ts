/** How long an opening that was not answered may still arrive at the server. */
const LATE_MS = 60_000;

/**
 * The writer numbers that this sender got. An opening of ours whose answer was lost raised the number too, or will when it arrives late:
 * what looks like another sender may be ourselves.
 */
export class OwnWriters {
  #last = 0;
  #lost = 0;
  #lostAt = 0;

  /** For live:open: the highest number that may be ours. */
  get after(): { after?: number } {
    return this.#last === 0 ? {} : { after: this.#last + this.#late() };
  }

  became(writer: number): void {
    if (this.#last > 0) this.#lost = Math.max(0, this.#late() - (writer - this.#last - 1));
    this.#last = writer;
  }

  /** An opening was not answered. */
  lost(): void {
    this.#lost = this.#late() + 1;
    this.#lostAt = Date.now();
  }

  mayHaveReplacedUs(): boolean {
    return this.#late() > 0;
  }

  #late(): number {
    return Date.now() - this.#lostAt < LATE_MS ? this.#lost : 0;
  }
}
