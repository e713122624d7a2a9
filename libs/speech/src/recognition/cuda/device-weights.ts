import type { CudaDriver, DevicePointer } from './cuda-driver.js';
import type { Attention, ByteMatrix, DecoderLayer, EncoderLayer, MoonshineWeights } from './moonshine-weights.js';

/** A matrix on the device; a row begins every `step` bytes. `units` holds scale and zero for each row. */
export interface DeviceMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly step: number;
  readonly bytes: DevicePointer;
  readonly units: DevicePointer;
  /** 0 where nothing is added. */
  readonly bias: DevicePointer;
}

export interface DeviceEncoderLayer {
  readonly attentionNorm: DevicePointer;
  readonly qkv: DeviceMatrix;
  readonly attentionOut: DeviceMatrix;
  readonly mlpNorm: DevicePointer;
  readonly up: DeviceMatrix;
  readonly down: DeviceMatrix;
}

export interface DeviceDecoderLayer extends DeviceEncoderLayer {
  readonly crossNorm: DevicePointer;
  readonly crossQuery: DeviceMatrix;
  readonly crossOut: DeviceMatrix;
}

export interface DeviceWeights {
  readonly convolutions: readonly [DeviceMatrix, DeviceMatrix, DeviceMatrix];
  readonly stemGain: DevicePointer;
  readonly stemBias: DevicePointer;
  readonly encoder: readonly DeviceEncoderLayer[];
  readonly encoderNorm: DevicePointer;
  /** Keys and values that all decoder layers make of the encoder's frames. */
  readonly heard: DeviceMatrix;
  readonly decoder: readonly DeviceDecoderLayer[];
  readonly decoderNorm: DevicePointer;
  readonly embedding: DeviceMatrix;
  /** Cosine and sine of each rotated pair at each place up to `places`. */
  readonly turns: DevicePointer;
}

/** The kernel for many rows reads its weights in steps of 16 numbers. */
const STEP = 16;

function uploaded(driver: CudaDriver, data: ArrayBufferView): DevicePointer {
  const pointer = driver.allocate(data.byteLength);
  driver.upload(pointer, data);
  return pointer;
}

/** Several matrices over the same inputs as one: their outputs side by side. */
function uploadMatrix(driver: CudaDriver, parts: readonly ByteMatrix[], bias: Float32Array | null = null): DeviceMatrix {
  const columns = parts[0]?.columns ?? 0;
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const step = Math.ceil(columns / STEP) * STEP;
  const bytes = new Uint8Array(rows * step);
  const units = new Float32Array(2 * rows);
  let row = 0;
  for (const part of parts) {
    for (let from = 0; from < part.bytes.length; from += columns) {
      bytes.set(part.bytes.subarray(from, from + columns), row * step);
      units.set([part.scale, part.zero], 2 * row);
      row += 1;
    }
  }
  return { rows, columns, step, bytes: uploaded(driver, bytes), units: uploaded(driver, units), bias: bias ? uploaded(driver, bias) : 0n };
}

function turnsOf({ frequencies }: MoonshineWeights, places: number): Float32Array {
  const turns = new Float32Array(places * frequencies.length * 2);
  for (let place = 0; place < places; place += 1) {
    frequencies.forEach((frequency, pair) => {
      turns.set([Math.cos(frequency * place), Math.sin(frequency * place)], (place * frequencies.length + pair) * 2);
    });
  }
  return turns;
}

/** Brings the weights onto the device; about as many bytes as the model's files have. */
export function uploadWeights(driver: CudaDriver, weights: MoonshineWeights, places: number): DeviceWeights {
  const floats = (data: Float32Array) => uploaded(driver, data);
  const matrix = (part: ByteMatrix, bias?: Float32Array) => uploadMatrix(driver, [part], bias);
  const qkv = ({ q, k, v }: Attention) => uploadMatrix(driver, [q, k, v]);
  const layer = (each: EncoderLayer): DeviceEncoderLayer => ({
    attentionNorm: floats(each.attentionNorm),
    qkv: qkv(each.attention),
    attentionOut: matrix(each.attention.out),
    mlpNorm: floats(each.mlpNorm),
    up: matrix(each.up, each.upBias),
    down: matrix(each.down, each.downBias),
  });
  const decoderLayer = (each: DecoderLayer): DeviceDecoderLayer => ({
    ...layer(each),
    crossNorm: floats(each.crossNorm),
    crossQuery: matrix(each.cross.q),
    crossOut: matrix(each.cross.out),
  });
  const [first, second, third] = weights.convolutions;
  return {
    convolutions: [matrix(first.weight), matrix(second.weight, second.bias ?? undefined), matrix(third.weight, third.bias ?? undefined)],
    stemGain: floats(weights.stemGain),
    stemBias: floats(weights.stemBias),
    encoder: weights.encoder.map(layer),
    encoderNorm: floats(weights.encoderNorm),
    heard: uploadMatrix(driver, weights.decoder.flatMap(({ cross }) => [cross.k, cross.v])),
    decoder: weights.decoder.map(decoderLayer),
    decoderNorm: floats(weights.decoderNorm),
    embedding: matrix(weights.embedding),
    turns: floats(turnsOf(weights, places)),
  };
}
