/** The stretch of a growing channel that is still needed, in pieces as they came. */
export class SampleStore {
  private pieces: { readonly start: number; readonly samples: Float32Array }[] = [];
  /** One past the last sample; before anything was appended, the position of the first one to come. */
  private reached: number;

  constructor(start = 0) {
    this.reached = start;
  }

  get end(): number {
    return this.reached;
  }

  append(samples: Float32Array): void {
    this.pieces.push({ start: this.reached, samples });
    this.reached += samples.length;
  }

  /** Samples before `position` will not be asked for again. */
  forget(position: number): void {
    const kept = this.pieces.findIndex(({ start, samples }) => start + samples.length > position);
    if (kept > 0) this.pieces.splice(0, kept);
  }

  /** A copy of `from` to `to`; silence where nothing is kept. */
  slice(from: number, to: number): Float32Array {
    const slice = new Float32Array(Math.max(0, to - from));
    for (const { start, samples } of this.pieces) {
      const first = Math.max(from, start);
      const last = Math.min(to, start + samples.length);
      if (first < last) slice.set(samples.subarray(first - start, last - start), first - from);
    }
    return slice;
  }
}
