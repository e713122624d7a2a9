interface Piece {
  readonly start: number;
  readonly samples: Float32Array;
}

/** The stretch of a growing channel that is still needed, in pieces as they came. */
export class SampleStore {
  private pieces: Piece[] = [];
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
    return this.fill(new Float32Array(Math.max(0, to - from)), from);
  }

  /** Copies as much as fits, from `from` on, over what `target` holds; where nothing is kept, it stays. */
  fill(target: Float32Array, from: number): Float32Array {
    const to = from + target.length;
    // What was appended last is asked for most.
    for (let at = this.pieces.length - 1; at >= 0; at -= 1) {
      const { start, samples } = this.pieces[at] as Piece;
      if (start + samples.length <= from) break;
      const first = Math.max(from, start);
      const last = Math.min(to, start + samples.length);
      if (first < last) target.set(samples.subarray(first - start, last - start), first - from);
    }
    return target;
  }
}
