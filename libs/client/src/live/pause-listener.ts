/** A frame whose peak lies this far under the loudest of late is silent: 18 dB. */
const SILENT_RATIO = 1 / 8;
/** So many silent frames are a pause: one is a consonant. */
const SURE = 2;
/** What was loud counts for some seconds: half after 3 s of frames of 100 ms. */
const FADES = 0.977;
/** After so many silent frames whatever was said is over and heard. */
const LONG_SILENCE = 14;
/** So many frames may have come after a pause until a detector is sure that somebody speaks again; till then its silence goes on. */
const UNSURE = 4;

class Channel {
  #loudest = 0;
  #silent = 0;
  /** Frames since the last pause. */
  #loud = UNSURE;

  get isPause(): boolean {
    return this.#silent >= SURE ? this.#silent < LONG_SILENCE : this.#loud <= UNSURE;
  }

  hear(peak: number): void {
    this.#loudest = Math.max(peak, this.#loudest * FADES);
    const isSilent = peak < this.#loudest * SILENT_RATIO;
    this.#silent = isSilent ? this.#silent + 1 : 0;
    this.#loud = this.#silent >= SURE ? 0 : this.#loud + 1;
  }
}

/** Tells from frames of 16-bit samples whether what they hold may be the end of an utterance, for which somebody waits. */
export class PauseListener {
  readonly #channels: readonly Channel[];

  constructor(channelCount: number) {
    this.#channels = Array.from({ length: channelCount }, () => new Channel());
  }

  /** On any channel: one may end while another goes on. */
  get isPause(): boolean {
    return this.#channels.some(({ isPause }) => isPause);
  }

  /** @param frame whole samples, little-endian, channels interleaved */
  hear(frame: Uint8Array): void {
    const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
    this.#channels.forEach((channel, index) => {
      let peak = 0;
      for (let at = index * 2; at + 1 < frame.byteLength; at += this.#channels.length * 2) peak = Math.max(peak, Math.abs(view.getInt16(at, true)));
      channel.hear(peak);
    });
  }
}
