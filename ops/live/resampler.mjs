const TARGET = 16_000;
/** Zero crossings of the sinc on each side: more than 70 dB of what lies above the new band is gone. */
const CROSSINGS = 24;
const STEPS = 512;

/** Brings one channel to 16 kHz, piece by piece: a sinc in a Blackman window, cut off below half of the lower rate. */
export class Resampler {
  #step;
  #cutoff;
  #reach;
  #table;
  /** Samples that are still needed, and the place of the first of them in the whole sound. */
  #held;
  #heldFrom;
  #given = 0;
  #heard = 0;

  constructor(rate) {
    this.#step = rate / TARGET;
    this.#cutoff = Math.min(1, TARGET / rate) * (rate === TARGET ? 1 : 0.94);
    this.#reach = Math.ceil(CROSSINGS / this.#cutoff);
    this.#table = rate === TARGET ? null : kernel();
    this.#held = new Float32Array(this.#reach);
    this.#heldFrom = -this.#reach;
  }

  /** What can be said of the samples so far. */
  push(samples) {
    this.#heard += samples.length;
    return this.#table === null ? samples : this.#resample(samples);
  }

  /** The rest, with silence after the end. */
  flush() {
    if (this.#table === null) return new Float32Array(0);
    const length = Math.ceil(this.#heard / this.#step);
    return this.#resample(new Float32Array(this.#reach + 1)).subarray(0, Math.max(0, length - this.#flushedFrom));
  }

  #flushedFrom = 0;

  #resample(samples) {
    const all = new Float32Array(this.#held.length + samples.length);
    all.set(this.#held);
    all.set(samples, this.#held.length);
    const until = this.#heldFrom + all.length - this.#reach;
    const count = Math.max(0, Math.ceil(until / this.#step) - this.#given);
    const out = new Float32Array(count);
    for (let i = 0; i < count; i += 1) out[i] = this.#at(all, (this.#given + i) * this.#step - this.#heldFrom);
    this.#flushedFrom = this.#given;
    this.#given += count;
    const keepFrom = Math.max(0, Math.floor(this.#given * this.#step) - this.#reach - this.#heldFrom);
    this.#held = all.slice(keepFrom);
    this.#heldFrom += keepFrom;
    return out;
  }

  #at(samples, place) {
    const first = Math.max(0, Math.ceil(place - this.#reach));
    const last = Math.min(samples.length - 1, Math.floor(place + this.#reach));
    let sum = 0;
    for (let i = first; i <= last; i += 1) {
      const x = Math.abs(place - i) * this.#cutoff * STEPS;
      const step = Math.floor(x);
      if (step >= CROSSINGS * STEPS) continue;
      const low = this.#table[step];
      sum += samples[i] * (low + (this.#table[step + 1] - low) * (x - step));
    }
    return sum * this.#cutoff;
  }
}

function kernel() {
  return Float64Array.from({ length: CROSSINGS * STEPS + 2 }, (_, index) => {
    const x = index / STEPS;
    if (x >= CROSSINGS) return 0;
    const window = 0.42 + 0.5 * Math.cos((Math.PI * x) / CROSSINGS) + 0.08 * Math.cos((2 * Math.PI * x) / CROSSINGS);
    return x === 0 ? 1 : (Math.sin(Math.PI * x) / (Math.PI * x)) * window;
  });
}
