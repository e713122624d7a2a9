import { type OnnxNode, type OnnxTensor, TENSOR_TYPES, changeModel, constantsInside, newNode, nodesOf } from './onnx-graph.js';
import { joined } from './protobuf.js';

/** Constants of the branch for 16 kHz; the model has another one for 8 kHz. */
const BRANCH = 'then_branch';

/** Rows of one gate of the recurrent layer, which has 128 units. */
const UNITS = 128;
/** PyTorch keeps the gates as input, forget, cell, output; ONNX wants input, output, forget, cell. */
const GATES = [0, 3, 1, 2];

function integers(name: string, values: readonly number[]): OnnxTensor {
  return { name, dims: [values.length], type: TENSOR_TYPES.int64, bytes: new Uint8Array(BigInt64Array.from(values, BigInt).buffer) };
}

const reordered = ({ bytes }: OnnxTensor): Uint8Array[] => {
  const gate = bytes.length / GATES.length;
  return GATES.map((from) => bytes.subarray(from * gate, (from + 1) * gate));
};

const shapes = [
  integers('pads', [0, 0, 0, 64]), integers('channel', [1]), integers('step', [1, 1, UNITS]), integers('column', [1, UNITS, 1]), integers('probability', [1, 1]),
];

/** The network as its authors describe it: spectrum, four convolutions, one step of an LSTM, one probability. */
function layers(): OnnxNode[] {
  const convolution = (layer: number, from: string, stride: number) => [
    newNode('Conv', [from, `encoder.${layer}.weight`, `encoder.${layer}.bias`], [`sum.${layer}`], { kernel_shape: [3], pads: [1, 1], strides: [stride] }),
    newNode('Relu', [`sum.${layer}`], [`encoded.${layer}`]),
  ];
  return [
    newNode('Pad', ['input', 'pads'], ['padded'], { mode: 'reflect' }),
    newNode('Unsqueeze', ['padded', 'channel'], ['sound']),
    newNode('Conv', ['sound', 'fourier'], ['spectrum'], { kernel_shape: [256], strides: [128] }),
    newNode('Split', ['spectrum'], ['real', 'imaginary'], { axis: 1 }),
    newNode('Mul', ['real', 'real'], ['real_squared']),
    newNode('Mul', ['imaginary', 'imaginary'], ['imaginary_squared']),
    newNode('Add', ['real_squared', 'imaginary_squared'], ['power']),
    newNode('Sqrt', ['power'], ['magnitude']),
    ...convolution(0, 'magnitude', 1),
    ...convolution(1, 'encoded.0', 2),
    ...convolution(2, 'encoded.1', 2),
    ...convolution(3, 'encoded.2', 1),
    newNode('Reshape', ['encoded.3', 'step'], ['features']),
    newNode('Split', ['state'], ['hidden', 'cell'], { axis: 0 }),
    newNode('LSTM', ['features', 'lstm.input', 'lstm.hidden', 'lstm.bias', '', 'hidden', 'cell'], ['', 'hidden_next', 'cell_next'], { hidden_size: UNITS }),
    newNode('Concat', ['hidden_next', 'cell_next'], ['stateN'], { axis: 0 }),
    newNode('Relu', ['hidden_next'], ['active']),
    newNode('Reshape', ['active', 'column'], ['last']),
    newNode('Conv', ['last', 'decoder.weight', 'decoder.bias'], ['logit'], { kernel_shape: [1] }),
    newNode('Sigmoid', ['logit'], ['voiced']),
    newNode('Reshape', ['voiced', 'probability'], ['output']),
  ];
}

const CONVOLUTIONS = [0, 1, 2, 3].flatMap((layer) => ['weight', 'bias'].map((kind) => ({ from: `encoder.${layer}.reparam_conv.${kind}`, name: `encoder.${layer}.${kind}` })));

function constantOf(constants: ReadonlyMap<string, OnnxTensor>, end: string): OnnxTensor {
  const found = [...constants].find(([key]) => key.includes(BRANCH) && key.endsWith(`__${end}`))?.[1];
  if (!found) throw new RangeError(`The voice detector has no ${end}`);
  return found;
}

function weightsOf(constants: ReadonlyMap<string, OnnxTensor>): OnnxTensor[] {
  const named = (end: string, name: string): OnnxTensor => ({ ...constantOf(constants, end), name });
  const gates = (end: string, name: string, dims: readonly number[]) => ({ ...named(end, name), dims, bytes: joined(reordered(named(end, name))) });
  const bias = [named('decoder.rnn.bias_ih', ''), named('decoder.rnn.bias_hh', '')];
  return [
    named('stft.forward_basis_buffer', 'fourier'),
    ...CONVOLUTIONS.map(({ from, name }) => named(from, name)),
    gates('decoder.rnn.weight_ih', 'lstm.input', [1, 4 * UNITS, UNITS]),
    gates('decoder.rnn.weight_hh', 'lstm.hidden', [1, 4 * UNITS, UNITS]),
    { name: 'lstm.bias', dims: [1, 8 * UNITS], type: TENSOR_TYPES.float, bytes: joined(bias.flatMap(reordered)) },
    named('decoder.decoder.2.weight', 'decoder.weight'),
    named('decoder.decoder.2.bias', 'decoder.bias'),
  ];
}

/**
 * The weights of Silero v5 for 16 kHz as clients read them, who hear by it when to send (`VoiceNetwork` in `libs/client`): 32-bit numbers, little-endian, spectrum, convolutions
 * (each with its bias), recurrent layer (input, hidden, the sum of both biases; gates as PyTorch has them), last layer (with its bias).
 */
export function sileroWeights(model: Uint8Array): Uint8Array {
  const constants = new Map(nodesOf(model).flatMap((node) => [...constantsInside(node)]));
  const bytes = (end: string): Uint8Array => constantOf(constants, end).bytes;
  const [input, hidden] = ['decoder.rnn.bias_ih', 'decoder.rnn.bias_hh'].map((end) => new Float32Array(bytes(end).slice().buffer)) as [Float32Array, Float32Array];
  return joined([
    bytes('stft.forward_basis_buffer'),
    ...CONVOLUTIONS.map(({ from }) => bytes(from)),
    bytes('decoder.rnn.weight_ih'),
    bytes('decoder.rnn.weight_hh'),
    new Uint8Array(input.map((value, row) => value + (hidden[row] ?? 0)).buffer),
    bytes('decoder.decoder.2.weight'),
    bytes('decoder.decoder.2.bias'),
  ]);
}

/**
 * Silero v5 for 16 kHz, one window at a time, with the weights of the model as fetched. As exported it holds both sample rates behind a
 * condition, asks at run time what every shape is, and puts the recurrent layer's weights together anew for each 32 ms of sound.
 */
export function directSileroDetector(model: Uint8Array): Uint8Array {
  return changeModel(model, (graph) => {
    const isWhole = graph.nodes.some(({ outputs }) => outputs.includes('stateN'));
    if (!isWhole) return { nodes: graph.nodes };
    const constants = new Map(graph.nodes.flatMap((node) => [...constantsInside(node)]));
    return { nodes: layers(), initializers: [...weightsOf(constants), ...shapes] };
  });
}
