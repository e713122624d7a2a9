import { LIVE_FRAME_SAMPLES } from '@auscult/contracts';

/** Bytes of one frame of all channels. */
export const frameBytesOf = (channelCount: number): number => LIVE_FRAME_SAMPLES * 2 * channelCount;

/** Cuts sound of any length into whole frames; what is left over waits for more. */
export class FrameCutter {
  readonly #frameBytes: number;
  readonly #rest: Uint8Array;
  #filled = 0;

  constructor(frameBytes: number) {
    this.#frameBytes = frameBytes;
    this.#rest = new Uint8Array(frameBytes);
  }

  /** How much of a frame waits, 0 to 1. */
  get fraction(): number {
    return this.#filled / this.#frameBytes;
  }

  /** The frames that are whole now, none to many, in memory of their own. */
  cut(audio: Int16Array | Uint8Array): Uint8Array {
    // Every browser and every machine that Node runs on is little-endian.
    const bytes = new Uint8Array(audio.buffer, audio.byteOffset, audio.byteLength);
    const length = this.#filled + bytes.length;
    const frames = new Uint8Array(length - (length % this.#frameBytes));
    if (frames.length === 0) {
      this.#rest.set(bytes, this.#filled);
      this.#filled = length;
      return frames;
    }
    frames.set(this.#rest.subarray(0, this.#filled));
    const used = frames.length - this.#filled;
    frames.set(bytes.subarray(0, used), this.#filled);
    this.#rest.set(bytes.subarray(used));
    this.#filled = bytes.length - used;
    return frames;
  }

  /** The last frame, filled up with silence; empty when nothing waits. */
  flush(): Uint8Array {
    const frame = new Uint8Array(this.#filled === 0 ? 0 : this.#frameBytes);
    frame.set(this.#rest.subarray(0, this.#filled));
    this.#filled = 0;
    return frame;
  }

  /** Off the record: what waits becomes silence. */
  silence(): void {
    this.#rest.fill(0);
  }
}
