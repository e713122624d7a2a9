import { readFile } from 'node:fs/promises';
import { type OnnxFile, type OnnxTensor, readOnnxFile } from './onnx-file.js';

/**
 * A matrix of 8-bit weights, `rows` outputs of `columns` inputs, row after row: weight = (byte - zero) * scale. Whole numbers up to
 * 255 and the scale are kept apart, so nothing is lost in reading.
 */
export interface ByteMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly bytes: Uint8Array;
  readonly zero: number;
  readonly scale: number;
}

export interface Convolution {
  readonly weight: ByteMatrix;
  /** Steps of the input, and how many steps forward from one output to the next. */
  readonly kernel: number;
  readonly stride: number;
  readonly bias: Float32Array | null;
}

export interface Attention {
  readonly q: ByteMatrix;
  readonly k: ByteMatrix;
  readonly v: ByteMatrix;
  readonly out: ByteMatrix;
}

export interface EncoderLayer {
  readonly attentionNorm: Float32Array;
  readonly attention: Attention;
  readonly mlpNorm: Float32Array;
  readonly up: ByteMatrix;
  readonly upBias: Float32Array;
  readonly down: ByteMatrix;
  readonly downBias: Float32Array;
}

/** `up` makes twice the width: first the values, then their gates. */
export interface DecoderLayer extends EncoderLayer {
  readonly crossNorm: Float32Array;
  readonly cross: Attention;
}

export interface MoonshineWeights {
  readonly dim: number;
  readonly heads: number;
  readonly headDim: number;
  readonly ffn: number;
  /** Angle per step for each pair of rotated numbers of a head. */
  readonly frequencies: Float32Array;
  readonly convolutions: readonly [Convolution, Convolution, Convolution];
  readonly stemGain: Float32Array;
  readonly stemBias: Float32Array;
  readonly encoder: readonly EncoderLayer[];
  readonly encoderNorm: Float32Array;
  readonly decoder: readonly DecoderLayer[];
  readonly decoderNorm: Float32Array;
  /** Rows of the vocabulary: what a token becomes, and, by the same numbers, how likely it is. */
  readonly embedding: ByteMatrix;
}

/** The heads stand in the graphs only as the constants of reshapes; both models have eight. */
const HEADS = 8;
const FLOAT = 1;
const UINT8 = 2;
const INT8 = 3;

/** Finds the weights by the nodes that use them: many of their own names are running numbers. */
class WeightFinder {
  constructor(private readonly file: OnnxFile) {}

  count(prefix: string, suffix: string): number {
    let count = 0;
    while (this.file.nodes.has(`${prefix}${count}${suffix}`)) count += 1;
    return count;
  }

  floats(name: string): Float32Array {
    const { bytes, type } = this.tensor(name);
    if (type !== FLOAT) throw this.unexpected(name);
    return new Float32Array(bytes.slice().buffer);
  }

  /** The constant that a node takes beside what it works on. */
  constantOf(node: string, input: number): Float32Array {
    return this.floats(this.inputOf(node, input));
  }

  /** ONNX multiplies by [inputs, outputs]; here each output's weights lie together. */
  matrix(node: string): ByteMatrix {
    const name = this.inputOf(`${node}/MatMul_quant`, 1).replace(/_quantized$/, '');
    const { dims, bytes, type } = this.tensor(`${name}_quantized`);
    const [columns, rows] = dims;
    if (type !== UINT8 || !rows || !columns) throw this.unexpected(name);
    const turned = new Uint8Array(bytes.length);
    for (let column = 0; column < columns; column += 1) {
      for (let row = 0; row < rows; row += 1) turned[row * columns + column] = bytes[column * rows + row] ?? 0;
    }
    return { rows, columns, bytes: turned, ...this.byteScale(name) };
  }

  embedding(name: string): ByteMatrix {
    const { dims, bytes } = this.tensor(`${name}_quantized`);
    const [rows, columns] = dims;
    if (!rows || !columns) throw this.unexpected(name);
    return { rows, columns, bytes, ...this.byteScale(name) };
  }

  /**
   * Weights of [outputs, channels, kernel] as [outputs, kernel, channels], since sound lies here step after step. They are signed, and
   * what the graph adds after scaling is a whole number of scales.
   */
  convolution(name: string, stride: number): Convolution {
    const { dims, bytes, type } = this.tensor(`${name}.weight_quantized`);
    const [rows, channels, kernel] = dims;
    const scale = this.floats(`${name}.weight_scale`)[0];
    const added = this.floats(`${name}.weight_zero_point`)[0];
    if (type !== INT8 || !rows || !channels || !kernel || !scale || added === undefined) throw this.unexpected(name);
    const turned = new Uint8Array(bytes.length);
    for (let at = 0; at < bytes.length; at += 1) {
      const step = at % kernel;
      const channel = Math.floor(at / kernel) % channels;
      const row = Math.floor(at / (kernel * channels));
      // Signed -128..127 becomes 0..255 by turning the sign bit.
      turned[(row * kernel + step) * channels + channel] = (bytes[at] ?? 0) ^ 0x80;
    }
    const weight = { rows, columns: kernel * channels, bytes: turned, zero: 128 - Math.round(added / scale), scale };
    return { weight, kernel, stride, bias: this.file.tensors.has(`${name}.bias`) ? this.floats(`${name}.bias`) : null };
  }

  private byteScale(name: string): { zero: number; scale: number } {
    const scale = this.floats(`${name}_scale`)[0];
    const zero = this.tensor(`${name}_zero_point`).bytes[0];
    if (scale === undefined || zero === undefined) throw this.unexpected(name);
    return { zero, scale };
  }

  private inputOf(node: string, input: number): string {
    const name = this.file.nodes.get(node)?.inputs[input];
    if (name === undefined) throw this.unexpected(node);
    return name;
  }

  private tensor(name: string): OnnxTensor {
    const tensor = this.file.tensors.get(name);
    if (!tensor) throw this.unexpected(name);
    return tensor;
  }

  private unexpected(name: string): Error {
    return new Error(`The model's graph is not the expected one at ${name}`);
  }
}

function attentionOf(finder: WeightFinder, prefix: string): Attention {
  const matrix = (part: string) => finder.matrix(`${prefix}/${part}`);
  return { q: matrix('q_proj'), k: matrix('k_proj'), v: matrix('v_proj'), out: matrix('dense') };
}

function encoderLayer(finder: WeightFinder, index: number): EncoderLayer {
  const node = `/layers.${index}`;
  return {
    attentionNorm: finder.floats(`layers.${index}.input_layernorm.weight`),
    attention: attentionOf(finder, `${node}/self_attn`),
    mlpNorm: finder.floats(`layers.${index}.post_attention_layernorm.weight`),
    up: finder.matrix(`${node}/mlp/fc1`),
    upBias: finder.constantOf(`${node}/mlp/fc1/Add`, 0),
    down: finder.matrix(`${node}/mlp/fc2`),
    downBias: finder.constantOf(`${node}/mlp/fc2/Add`, 0),
  };
}

function decoderLayer(finder: WeightFinder, index: number): DecoderLayer {
  const node = `/model/decoder/layers.${index}`;
  const norm = (name: string) => finder.constantOf(`${node}/${name}/Mul`, 1);
  return {
    attentionNorm: norm('input_layernorm'),
    attention: attentionOf(finder, `${node}/self_attn`),
    crossNorm: norm('post_attention_layernorm'),
    cross: attentionOf(finder, `${node}/encoder_attn`),
    mlpNorm: norm('final_layernorm'),
    up: finder.matrix(`${node}/mlp/up_proj`),
    upBias: finder.constantOf(`${node}/mlp/up_proj/Add`, 0),
    down: finder.matrix(`${node}/mlp/down_proj`),
    downBias: finder.constantOf(`${node}/mlp/down_proj/Add`, 0),
  };
}

/** Takes Moonshine's weights out of its two graphs. */
export function moonshineWeights(encoderFile: OnnxFile, decoderFile: OnnxFile): MoonshineWeights {
  const inEncoder = new WeightFinder(encoderFile);
  const inDecoder = new WeightFinder(decoderFile);
  const layers = <Layer>(finder: WeightFinder, prefix: string, read: (finder: WeightFinder, index: number) => Layer) =>
    Array.from({ length: finder.count(prefix, '/self_attn/q_proj/MatMul_quant') }, (_, index) => read(finder, index));
  const encoderNorm = inEncoder.floats('layer_norm.weight');
  const encoder = layers(inEncoder, '/layers.', encoderLayer);
  return {
    dim: encoderNorm.length,
    heads: HEADS,
    headDim: encoderNorm.length / HEADS,
    ffn: encoder[0]?.up.rows ?? 0,
    frequencies: inEncoder.floats('/rotary_emb/Cast_1_output_0'),
    convolutions: [inEncoder.convolution('conv1', 64), inEncoder.convolution('conv2', 3), inEncoder.convolution('conv3', 2)],
    stemGain: inEncoder.constantOf('/groupnorm/Mul', 1),
    stemBias: inEncoder.constantOf('/groupnorm/Add', 1),
    encoder,
    encoderNorm,
    decoder: layers(inDecoder, '/model/decoder/layers.', decoderLayer),
    decoderNorm: inDecoder.constantOf('/model/decoder/norm/Mul', 1),
    embedding: inDecoder.embedding('model.decoder.embed_tokens.weight_merged_0'),
  };
}

/** Reads the two files that `fetchModel` has put in place; about a second. */
export async function readMoonshineWeights(encoderPath: string, decoderPath: string): Promise<MoonshineWeights> {
  const [encoder, decoder] = await Promise.all([readFile(encoderPath), readFile(decoderPath)]);
  return moonshineWeights(readOnnxFile(encoder), readOnnxFile(decoder));
}
