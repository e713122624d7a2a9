import type { Attention, ByteMatrix, Convolution, DecoderLayer, EncoderLayer, MoonshineWeights } from '../recognition/cuda/moonshine-weights.js';

/** Rows of equal width, one after another. */
interface Rows {
  readonly width: number;
  readonly data: Float32Array;
}

const START = 1;
const END = 2;

/**
 * Moonshine as plainly as it can be written, a number at a time: the oracle that the weights' reader and the kernels are held
 * against. Hundreds of times slower than either engine.
 */
export class MoonshineReference {
  constructor(private readonly weights: MoonshineWeights) {}

  encode(samples: Float32Array): Rows {
    const { convolutions, encoder, encoderNorm, stemGain, stemBias } = this.weights;
    const first = convolve({ width: 1, data: samples }, convolutions[0]);
    first.data.forEach((value, at) => (first.data[at] = Math.tanh(value)));
    normalizeWhole(first, stemGain, stemBias);
    let rows = activate(convolve(activate(convolve(first, convolutions[1]), gelu), convolutions[2]), gelu);
    for (const layer of encoder) rows = this.encoderLayer(layer, rows);
    return normalize(rows, encoderNorm);
  }

  /** Greedy: the likeliest token each time, until the end is the likeliest or `limit` are there. */
  decode(encoded: Rows, limit: number): number[] {
    const { decoder, decoderNorm, embedding } = this.weights;
    const tokens = [START];
    const past = decoder.map(() => ({ k: [] as Float32Array[], v: [] as Float32Array[] }));
    const heard = decoder.map(({ cross }) => ({ k: split(multiply(encoded, cross.k)), v: split(multiply(encoded, cross.v)) }));
    while (tokens.length <= limit) {
      let row = embeddingRow(embedding, tokens[tokens.length - 1] ?? START);
      decoder.forEach((layer, index) => (row = this.decoderLayer(layer, row, tokens.length - 1, past[index], heard[index])));
      const { data } = multiply(normalize(row, decoderNorm), embedding);
      const next = data.indexOf(data.reduce((most, value) => Math.max(most, value), -Infinity));
      if (next === END) break;
      tokens.push(next);
    }
    return tokens.slice(1);
  }

  private encoderLayer(layer: EncoderLayer, rows: Rows): Rows {
    const normed = normalize(rows, layer.attentionNorm);
    const { q, k, v, out } = layer.attention;
    const turned = (matrix: ByteMatrix) => split(multiply(normed, matrix)).map((row, position) => this.rotate(row, position));
    const keys = turned(k);
    const values = split(multiply(normed, v));
    const attended = join(turned(q).map((query) => this.attend(query, keys, values)));
    const after = add(rows, multiply(attended, out));
    const wide = activate(multiply(normalize(after, layer.mlpNorm), layer.up, layer.upBias), gelu);
    return add(after, multiply(wide, layer.down, layer.downBias));
  }

  private decoderLayer(layer: DecoderLayer, row: Rows, position: number, past?: Keep, heard?: Keep): Rows {
    if (!past || !heard) throw new Error('Each layer has its keys and values');
    const normed = normalize(row, layer.attentionNorm);
    const of = (matrix: ByteMatrix) => multiply(normed, matrix).data;
    past.k.push(this.rotate(of(layer.attention.k), position));
    past.v.push(of(layer.attention.v));
    const itself = add(row, this.projected(this.rotate(of(layer.attention.q), position), past, layer.attention));
    const question = multiply(normalize(itself, layer.crossNorm), layer.cross.q).data;
    const after = add(itself, this.projected(question, heard, layer.cross));
    const wide = multiply(normalize(after, layer.mlpNorm), layer.up, layer.upBias).data;
    const half = wide.length / 2;
    const gated = wide.slice(0, half).map((value, at) => value * silu(wide[half + at] ?? 0));
    return add(after, multiply({ width: half, data: gated }, layer.down, layer.downBias));
  }

  private projected(query: Float32Array, { k, v }: Keep, { out }: Attention): Rows {
    return multiply(join([this.attend(query, k, v)]), out);
  }

  private attend(query: Float32Array, keys: readonly Float32Array[], values: readonly Float32Array[]): Float32Array {
    const { heads, headDim } = this.weights;
    const result = new Float32Array(query.length);
    for (let head = 0; head < heads; head += 1) {
      const from = head * headDim;
      const scores = keys.map((key) => dot(query, from, key, from, headDim) / Math.sqrt(headDim));
      const most = scores.reduce((a, b) => Math.max(a, b), -Infinity);
      const shares = scores.map((score) => Math.exp(score - most));
      const sum = shares.reduce((a, b) => a + b, 0);
      for (let d = from; d < from + headDim; d += 1) {
        result[d] = shares.reduce((total, share, at) => total + share * (values[at]?.[d] ?? 0), 0) / sum;
      }
    }
    return result;
  }

  /** The first numbers of each head turn in neighbouring pairs, the others stay. */
  private rotate(row: Float32Array, position: number): Float32Array {
    const { heads, headDim, frequencies } = this.weights;
    const turned = row.slice();
    for (let head = 0; head < heads; head += 1) {
      frequencies.forEach((frequency, pair) => {
        const at = head * headDim + 2 * pair;
        const [cos, sin] = [Math.cos(frequency * position), Math.sin(frequency * position)];
        const [a, b] = [row[at] ?? 0, row[at + 1] ?? 0];
        turned[at] = a * cos - b * sin;
        turned[at + 1] = b * cos + a * sin;
      });
    }
    return turned;
  }
}

interface Keep {
  readonly k: Float32Array[];
  readonly v: Float32Array[];
}

function dot(a: Float32Array, aFrom: number, b: Float32Array, bFrom: number, length: number): number {
  let sum = 0;
  // Nearly all of the time goes by here: asking whether each number is there would double it.
  for (let at = 0; at < length; at += 1) sum += (a[aFrom + at] as number) * (b[bFrom + at] as number);
  return sum;
}

const weightsOf = new WeakMap<ByteMatrix, Float32Array>();

function floats(matrix: ByteMatrix): Float32Array {
  const known = weightsOf.get(matrix) ?? new Float32Array(matrix.bytes.length);
  if (!weightsOf.has(matrix)) matrix.bytes.forEach((byte, at) => (known[at] = (byte - matrix.zero) * matrix.scale));
  weightsOf.set(matrix, known);
  return known;
}

function embeddingRow(matrix: ByteMatrix, token: number): Rows {
  return { width: matrix.columns, data: floats(matrix).slice(token * matrix.columns, (token + 1) * matrix.columns) };
}

/** `stride` numbers forward from one row to the next: with less than a row's width they overlap. */
function multiply(rows: Rows, matrix: ByteMatrix, bias: Float32Array | null = null, stride = rows.width): Rows {
  const weights = floats(matrix);
  const count = Math.floor((rows.data.length - matrix.columns) / stride) + 1;
  const data = new Float32Array(count * matrix.rows);
  for (let row = 0; row < count; row += 1) {
    for (let out = 0; out < matrix.rows; out += 1) {
      const sum = dot(rows.data, row * stride, weights, out * matrix.columns, matrix.columns);
      data[row * matrix.rows + out] = sum + (bias?.[out] ?? 0);
    }
  }
  return { width: matrix.rows, data };
}

function convolve(rows: Rows, { weight, stride, bias }: Convolution): Rows {
  return multiply(rows, weight, bias, stride * rows.width);
}

function normalize({ width, data }: Rows, gain: Float32Array): Rows {
  const result = new Float32Array(data.length);
  for (let from = 0; from < data.length; from += width) {
    const row = data.subarray(from, from + width);
    const mean = row.reduce((a, b) => a + b, 0) / width;
    const variance = row.reduce((a, b) => a + (b - mean) ** 2, 0) / width;
    row.forEach((value, at) => (result[from + at] = ((value - mean) / Math.sqrt(variance + 1e-5)) * (gain[at] ?? 0)));
  }
  return { width, data: result };
}

/** One mean and one variance for the whole utterance, then a gain and a bias for each channel. */
function normalizeWhole({ width, data }: Rows, gain: Float32Array, bias: Float32Array): void {
  const mean = data.reduce((a, b) => a + b, 0) / data.length;
  const variance = data.reduce((a, b) => a + (b - mean) ** 2, 0) / data.length;
  data.forEach((value, at) => {
    data[at] = ((value - mean) / Math.sqrt(variance + 1e-5)) * (gain[at % width] ?? 0) + (bias[at % width] ?? 0);
  });
}

function activate({ width, data }: Rows, by: (x: number) => number): Rows {
  return { width, data: data.map(by) };
}

function add(a: Rows, b: Rows): Rows {
  return { width: a.width, data: a.data.map((value, at) => value + (b.data[at] ?? 0)) };
}

function split({ width, data }: Rows): Float32Array[] {
  return Array.from({ length: data.length / width }, (_, row) => data.slice(row * width, (row + 1) * width));
}

function join(rows: readonly Float32Array[]): Rows {
  const width = rows[0]?.length ?? 0;
  const data = new Float32Array(rows.length * width);
  rows.forEach((row, at) => data.set(row, at * width));
  return { width, data };
}

function silu(x: number): number {
  return x / (1 + Math.exp(-x));
}

/** erf by its series, and by a continued fraction where that would be slow; both to double precision here. */
function erf(x: number): number {
  const size = Math.abs(x);
  if (size > 6) return Math.sign(x);
  if (size > 2.5) {
    let fraction = 0;
    for (let k = 60; k > 0; k -= 1) fraction = k / 2 / (size + fraction);
    return Math.sign(x) * (1 - Math.exp(-size * size) / (size + fraction) / Math.sqrt(Math.PI));
  }
  let term = x;
  let sum = x;
  for (let n = 1; n < 60; n += 1) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

function gelu(x: number): number {
  return 0.5 * x * (1 + erf(x / Math.SQRT2));
}
