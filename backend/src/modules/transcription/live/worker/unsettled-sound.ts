/** The sound of one channel that is not durable yet: what was read and not yet stored. Positions are samples of the recording. */
export class UnsettledSound {
  private readonly parts: { start: number; samples: Int16Array }[] = [];

  append(start: number, samples: Int16Array): void {
    if (samples.length > 0) this.parts.push({ start, samples });
  }

  /** @throws Error where some of it was never read or is forgotten already */
  slice(from: number, until: number): Int16Array {
    const cut = new Int16Array(until - from);
    let found = 0;
    for (const { start, samples } of this.parts) {
      const begin = Math.max(from, start);
      const end = Math.min(until, start + samples.length);
      if (end <= begin) continue;
      cut.set(samples.subarray(begin - start, end - start), begin - from);
      found += end - begin;
    }
    if (found !== cut.length) throw new Error('The sound of a settled stretch is not there');
    return cut;
  }

  forgetBefore(sample: number): void {
    const kept = this.parts.findIndex(({ start, samples }) => start + samples.length > sample);
    this.parts.splice(0, kept === -1 ? this.parts.length : kept);
  }
}

export function isSilent(samples: Int16Array): boolean {
  return samples.every((sample) => sample === 0);
}
