/** A sample's share in the average: about the last five seconds count. */
const SHARE = 0.25;
const SAMPLE_MS = 1000;

/** Bytes per second, smoothed so that the time left does not jump; null until there is something to say. */
export class UploadSpeed {
  private average: number | null = null;
  private last: { bytes: number; at: number } | null = null;

  /** `bytes`: sent so far; `at`: ms of any steady clock. */
  sample(bytes: number, at: number): number | null {
    if (this.last === null || bytes < this.last.bytes) {
      this.last = { bytes, at };
      return this.average;
    }
    const elapsed = at - this.last.at;
    if (elapsed < SAMPLE_MS) return this.average;
    const speed = ((bytes - this.last.bytes) / elapsed) * 1000;
    this.average = this.average === null ? speed : this.average + SHARE * (speed - this.average);
    this.last = { bytes, at };
    return this.average;
  }

  /** After a pause: what was before it says nothing. */
  reset(): void {
    this.last = null;
    this.average = null;
  }
}
