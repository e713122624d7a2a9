/** A frame whose peak lies this far under the loudest of late is a pause: 18 dB. */
const PAUSE_RATIO = 1 / 8;
/** What was loud counts for some seconds: half after 3 s of frames of 100 ms. */
const FADES = 0.977;

/** Tells whether what was said last ends in a pause, from frames of 16-bit samples. */
export class PauseListener {
  #loudest = 0;
  #isPause = false;

  get isPause(): boolean {
    return this.#isPause;
  }

  /** @param frame whole samples, little-endian, channels interleaved */
  hear(frame: Uint8Array): void {
    const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
    let peak = 0;
    for (let at = 0; at + 1 < frame.byteLength; at += 2) peak = Math.max(peak, Math.abs(view.getInt16(at, true)));
    this.#loudest = Math.max(peak, this.#loudest * FADES);
    this.#isPause = peak < this.#loudest * PAUSE_RATIO;
  }
}
