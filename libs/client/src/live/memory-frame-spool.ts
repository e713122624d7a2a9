import type { FrameSpool } from './frame-spool.js';

/** Frames in memory, for as long as the process lives. */
export class MemoryFrameSpool implements FrameSpool {
  readonly #frameBytes: number;
  readonly #frames = new Map<number, Uint8Array>();
  #first = 0;
  #next = 0;

  /** @param frameBytes bytes of one frame of all channels: 3,200 for each channel */
  constructor(frameBytes: number) {
    this.#frameBytes = frameBytes;
  }

  get first(): number {
    return this.#first;
  }

  get next(): number {
    return this.#next;
  }

  /** Frames that are held now. */
  get size(): number {
    return this.#frames.size;
  }

  async append(first: number, frames: Uint8Array, anew = first !== this.#next): Promise<void> {
    if (anew) {
      this.#frames.clear();
      this.#first = first;
    }
    this.#next = first;
    for (let at = 0; at < frames.length; at += this.#frameBytes) {
      // A copy: the caller's memory is the caller's.
      this.#frames.set(this.#next, frames.slice(at, at + this.#frameBytes));
      this.#next += 1;
    }
  }

  async read(first: number, count: number): Promise<Uint8Array> {
    const until = Math.min(first + count, this.#next);
    const read = new Uint8Array(Math.max(0, until - first) * this.#frameBytes);
    for (let frame = first; frame < until; frame += 1) {
      const kept = this.#frames.get(frame);
      if (kept) read.set(kept, (frame - first) * this.#frameBytes);
    }
    return read;
  }

  async forgetBefore(frame: number): Promise<void> {
    for (; this.#first < Math.min(frame, this.#next); this.#first += 1) this.#frames.delete(this.#first);
  }

  async silence(from: number, until: number): Promise<void> {
    for (let frame = from; frame < until; frame += 1) this.#frames.get(frame)?.fill(0);
  }
}
