/* global AudioWorkletProcessor, registerProcessor, sampleRate */
/**
 * Makes frames of 100 ms out of what a microphone gives: 16 kHz, 16-bit, channels interleaved. Runs in the audio thread of the
 * browser and is a file of its own, because the content policy forbids anything else.
 *
 * Takes 'go' (frames from now on), 'hold' (none, sound in between is lost) and 'flush' (the begun frame is filled with silence).
 * Gives { audio: Int16Array, peaks: number[] } for each frame, peaks from 0 to 1 by channel, and { flushed: true }.
 */
const RATE = 16_000;
const FRAME_SAMPLES = 1_600;
/** The low-pass lets everything below 6.7 kHz through and nothing above 8.1 kHz: half its width, in zero crossings. */
const ZERO_CROSSINGS = 32;
const CUTOFF = 0.925;

function greatestCommonDivisor(a, b) {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** Windowed sinc (Blackman), one kernel for each place that an output sample can have between two input samples. */
function kernelsOf(half, phases, ratio) {
  const frequency = (0.5 / ratio) * CUTOFF;
  return Array.from({ length: phases }, (_, phase) => {
    const kernel = new Float32Array(2 * half);
    let sum = 0;
    for (let tap = 0; tap < kernel.length; tap += 1) {
      const distance = tap - half + 1 - phase / phases;
      const angle = 2 * Math.PI * frequency * distance;
      const sinc = angle === 0 ? 1 : Math.sin(angle) / angle;
      const place = Math.PI * (distance / half);
      kernel[tap] = sinc * (0.42 + 0.5 * Math.cos(place) + 0.08 * Math.cos(2 * place));
      sum += kernel[tap];
    }
    // Each kernel lets a constant through unchanged, so that no phase is louder than another.
    return kernel.map((value) => value / sum);
  });
}

/** One channel from the context's rate to 16 kHz; exact for any two whole rates, however long it runs. */
class Resampler {
  constructor(rate, give) {
    const divisor = greatestCommonDivisor(rate, RATE);
    this.step = rate / divisor;
    this.phases = RATE / divisor;
    this.give = give;
    const ratio = Math.max(1, rate / RATE);
    this.half = Math.ceil(ZERO_CROSSINGS * ratio);
    this.kernels = kernelsOf(this.half, this.phases, ratio);
    this.held = new Float32Array(2 * this.half + 8_192);
    this.length = this.half;
    this.center = this.half - 1;
    this.phase = 0;
  }

  take(samples) {
    this.held.set(samples, this.length);
    this.length += samples.length;
    while (this.center + this.half < this.length) {
      this.give(this.sample());
      this.phase += this.step;
      this.center += Math.floor(this.phase / this.phases);
      this.phase %= this.phases;
    }
    const used = Math.max(0, Math.min(this.center - this.half + 1, this.length));
    this.held.copyWithin(0, used, this.length);
    this.length -= used;
    this.center -= used;
  }

  sample() {
    const kernel = this.kernels[this.phase];
    const from = this.center - this.half + 1;
    let sum = 0;
    for (let tap = 0; tap < kernel.length; tap += 1) sum += this.held[from + tap] * kernel[tap];
    return sum;
  }
}

class CaptureProcessor extends AudioWorkletProcessor {
  constructor({ processorOptions: { channelCount } }) {
    super();
    this.channelCount = channelCount;
    this.going = false;
    this.silence = new Float32Array(128);
    this.begin();
    this.resamplers = Array.from({ length: channelCount }, (_, channel) => new Resampler(Math.round(sampleRate), (sample) => this.put(channel, sample)));
    this.port.onmessage = ({ data }) => this.obey(data);
  }

  process([input]) {
    if (!this.going) return true;
    for (let channel = 0; channel < this.channelCount; channel += 1) {
      // Nothing is connected while a device is being changed: the channels stay in step.
      this.resamplers[channel].take(input[channel] ?? this.silence);
    }
    return true;
  }

  obey(command) {
    this.going = command === 'go';
    if (command !== 'flush') return;
    if (this.filled[0] > 0) this.send();
    this.port.postMessage({ flushed: true });
  }

  begin() {
    this.audio = new Int16Array(FRAME_SAMPLES * this.channelCount);
    this.peaks = new Array(this.channelCount).fill(0);
    this.filled = new Array(this.channelCount).fill(0);
    this.ahead ??= Array.from({ length: this.channelCount }, () => []);
  }

  put(channel, sample) {
    // The first channel may be ahead of the second by a few samples, over the end of a frame.
    if (this.filled[channel] === FRAME_SAMPLES) return void this.ahead[channel].push(sample);
    const value = Math.max(-1, Math.min(1, sample));
    this.audio[this.filled[channel] * this.channelCount + channel] = Math.round(value < 0 ? value * 32_768 : value * 32_767);
    this.peaks[channel] = Math.max(this.peaks[channel], Math.abs(value));
    this.filled[channel] += 1;
    if (this.filled.every((count) => count === FRAME_SAMPLES)) this.send();
  }

  send() {
    const { audio, peaks } = this;
    this.begin();
    this.port.postMessage({ audio, peaks }, [audio.buffer]);
    this.ahead.forEach((samples, channel) => {
      for (const sample of samples.splice(0)) this.put(channel, sample);
    });
  }
}

registerProcessor('auscult-capture', CaptureProcessor);
