/** Samples that are heard at once, at 16 kHz, and how far the next window begins behind this one: 32 ms. */
export const VOICE_WINDOW = 576;
export const VOICE_STEP = 512;
/** So many samples are made up behind a window, as if it went back the way it came. */
const REFLECTED = 64;
/** The spectrum: so many samples a step, and steps so far apart. */
const SPECTRUM = { length: 256, step: 128, bins: 129 } as const;
/** In the order in which they follow each other; each sees three steps of the one before. */
const LAYERS = [
  { inputs: SPECTRUM.bins, outputs: 128, stride: 1 },
  { inputs: 128, outputs: 64, stride: 2 },
  { inputs: 64, outputs: 64, stride: 2 },
  { inputs: 64, outputs: 128, stride: 1 },
] as const;
const REACH = 3;
const UNITS = 128;
/** Input, forget, cell, output: rows of the recurrent layer. */
const GATES = 4;

/** In the order of the file. */
const SIZES = [
  2 * SPECTRUM.bins * SPECTRUM.length,
  ...LAYERS.flatMap(({ inputs, outputs }) => [outputs * inputs * REACH, outputs]),
  GATES * UNITS * UNITS, GATES * UNITS * UNITS, GATES * UNITS,
  UNITS, 1,
];
const TOTAL = SIZES.reduce((sum, size) => sum + size, 0);

interface Convolution {
  /** For each output the weights of three steps, one step after the other. */
  readonly rows: Float32Array;
  readonly bias: Float32Array;
  readonly inputs: number;
  readonly outputs: number;
  readonly stride: number;
}

/** From output, input, step to output, step, input: what a sum takes then lies side by side, as its inputs do. */
function stepsFirst(weights: Float32Array, inputs: number): Float32Array {
  const row = inputs * REACH;
  return weights.map((_, at) => {
    const [output, place] = [Math.floor(at / row), at % row];
    return weights[output * row + (place % inputs) * REACH + Math.floor(place / inputs)] as number;
  });
}

function product(a: Float32Array, from: number, b: Float32Array, at: number, length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i += 1) sum += (a[from + i] as number) * (b[at + i] as number);
  return sum;
}

const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));

/** What the server's voice detector has learnt, for as many voices as there are: Silero v5 (MIT) for 16 kHz. */
export class VoiceNetwork {
  readonly fourier: Float32Array;
  readonly convolutions: readonly Convolution[];
  readonly inputs: Float32Array;
  readonly hidden: Float32Array;
  readonly bias: Float32Array;
  readonly last: Float32Array;
  readonly lastBias: number;

  /** @param file 32-bit numbers, little-endian, as the server gives them. @throws RangeError where it has another length */
  constructor(file: ArrayBuffer) {
    if (file.byteLength !== TOTAL * 4) throw new RangeError(`A voice detector has ${TOTAL * 4} bytes, not ${file.byteLength}`);
    const view = new DataView(file);
    let at = 0;
    const parts = SIZES.map((size) => Float32Array.from({ length: size }, () => view.getFloat32(4 * at++, true)));
    const part = (index: number): Float32Array => parts[index] as Float32Array;
    this.fourier = part(0);
    this.convolutions = LAYERS.map((layer, index) => ({ ...layer, rows: stepsFirst(part(1 + 2 * index), layer.inputs), bias: part(2 + 2 * index) }));
    [this.inputs, this.hidden, this.bias, this.last] = [part(9), part(10), part(11), part(12)];
    this.lastBias = part(13)[0] as number;
  }
}

/** One voice: what the network remembers of it. */
export class VoiceHearing {
  readonly #network: VoiceNetwork;
  readonly #sound = new Float32Array(VOICE_WINDOW + REFLECTED);
  readonly #before = new Float32Array(UNITS);
  readonly #cell = new Float32Array(UNITS);
  readonly #gates = new Float32Array(GATES * UNITS);

  constructor(network: VoiceNetwork) {
    this.#network = network;
  }

  /** How likely it is that the next window (samples from -1 to 1) holds a voice, 0 to 1. Some 0.7 million multiplications. */
  hear(window: Float32Array): number {
    const sound = this.#sound;
    sound.set(window);
    for (let i = 0; i < REFLECTED; i += 1) sound[VOICE_WINDOW + i] = sound[VOICE_WINDOW - 2 - i] as number;
    let steps = this.#spectrum();
    for (const convolution of this.#network.convolutions) steps = convolved(steps, convolution);
    return this.#remember(steps);
  }

  /** The magnitudes of each step, one step after the other. */
  #spectrum(): Float32Array {
    const { length, step, bins } = SPECTRUM;
    const { fourier } = this.#network;
    const steps = new Float32Array(((this.#sound.length - length) / step + 1) * bins);
    for (let begin = 0, at = 0; at < steps.length; begin += step) {
      for (let bin = 0; bin < bins; bin += 1, at += 1) {
        const real = product(fourier, bin * length, this.#sound, begin, length);
        const imaginary = product(fourier, (bins + bin) * length, this.#sound, begin, length);
        steps[at] = Math.sqrt(real * real + imaginary * imaginary);
      }
    }
    return steps;
  }

  /** One step of the recurrent layer and what it says. */
  #remember(features: Float32Array): number {
    const { inputs, hidden, bias, last, lastBias } = this.#network;
    const gates = this.#gates;
    const before = this.#before;
    for (let row = 0; row < gates.length; row += 1) {
      gates[row] = (bias[row] as number) + product(inputs, row * UNITS, features, 0, UNITS) + product(hidden, row * UNITS, before, 0, UNITS);
    }
    let said = lastBias;
    for (let unit = 0; unit < UNITS; unit += 1) {
      const gate = (index: number): number => gates[index * UNITS + unit] as number;
      const cell = sigmoid(gate(1)) * (this.#cell[unit] as number) + sigmoid(gate(0)) * Math.tanh(gate(2));
      this.#cell[unit] = cell;
      before[unit] = sigmoid(gate(3)) * Math.tanh(cell);
      said += (last[unit] as number) * Math.max(0, before[unit] as number);
    }
    return sigmoid(said);
  }
}

/** Each output from three steps around it, silence before the first and behind the last; never below 0. */
function convolved(steps: Float32Array, { rows, bias, inputs, outputs, stride }: Convolution): Float32Array {
  const padded = new Float32Array(steps.length + 2 * inputs);
  padded.set(steps, inputs);
  const row = inputs * REACH;
  const result = new Float32Array((Math.floor((steps.length / inputs - 1) / stride) + 1) * outputs);
  for (let begin = 0, at = 0; at < result.length; begin += stride * inputs) {
    for (let output = 0; output < outputs; output += 1, at += 1) {
      result[at] = Math.max(0, (bias[output] as number) + product(rows, output * row, padded, begin, row));
    }
  }
  return result;
}
