import { type ChangeGraph, type OnnxGraph, type OnnxNode, type OnnxTensor, TENSOR_TYPES, changeModel, newNode } from './onnx-graph.js';

const producers = ({ nodes }: OnnxGraph) => new Map(nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));

function transposed({ dims, type, bytes }: OnnxTensor, name: string): OnnxTensor {
  const [rows = 0, columns = 0] = dims;
  const turned = new Uint8Array(bytes.length);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) turned[column * rows + row] = bytes[row * columns + column] ?? 0;
  }
  return { name, dims: [columns, rows], type, bytes: turned };
}

const TURNED = 'auscult.embeddings_turned';

/**
 * As exported, the decoder turns the 32,768 embeddings over and makes 54 MB of floats out of them for every single token. They can be
 * multiplied as they are, turned over once, like all its other weights.
 */
function int8Logits(graph: OnnxGraph, onEmbeddings: (name: string) => void): OnnxNode[] {
  const by = producers(graph);
  const logits = by.get('logits');
  const floats = by.get(logits?.inputs[1] ?? '');
  if (logits?.op !== 'MatMul' || floats?.op !== 'DequantizeLinear') return [...graph.nodes];
  const [hidden = ''] = logits.inputs;
  const [weights = '', scale = '', zeroPoint = ''] = floats.inputs;
  const turning = by.get(weights);
  if (turning?.op !== 'Transpose') return [...graph.nodes];
  onEmbeddings(turning.inputs[0] ?? '');
  const multiplied = [
    newNode('DynamicQuantizeLinear', [hidden], ['auscult.hidden', 'auscult.hidden_scale', 'auscult.hidden_zero_point']),
    newNode('MatMulInteger', ['auscult.hidden', TURNED, 'auscult.hidden_zero_point', zeroPoint], ['auscult.products']),
    newNode('Cast', ['auscult.products'], ['auscult.products_float'], { to: TENSOR_TYPES.float }),
    newNode('Mul', ['auscult.hidden_scale', scale], ['auscult.logits_scale']),
    newNode('Mul', ['auscult.products_float', 'auscult.logits_scale'], ['logits']),
  ];
  return graph.nodes.flatMap((node) => (node === logits ? multiplied : node === floats || node === turning ? [] : [node]));
}

/**
 * Attention scales queries and keys by the root of the same factor each. With the query scaled by both, the keys (up to a thousand a
 * token) are left alone, and the runtime takes their transposition into the product.
 */
function unscaledKeys(graph: OnnxGraph): OnnxNode[] {
  const by = producers(graph);
  const renewed = new Map<OnnxNode, OnnxNode>();
  for (const product of graph.nodes.filter(({ op }) => op === 'MatMul')) {
    const [query, key] = product.inputs.map((input) => by.get(input));
    if (query?.op !== 'Mul' || key?.op !== 'Mul') continue;
    const [keys = '', scale = ''] = key.inputs;
    // What takes the query must come after it in the graph's order, and it does in every export seen.
    if (by.get(keys)?.op !== 'Transpose' || graph.nodes.indexOf(key) < graph.nodes.indexOf(query)) continue;
    renewed.set(key, { ...key, inputs: [product.inputs[0] ?? '', scale] });
    renewed.set(product, { ...product, inputs: [key.outputs[0] ?? '', keys] });
  }
  return graph.nodes.map((node) => renewed.get(node) ?? node);
}

/**
 * The decoder as fetched, without what makes it slow. It differs by rounding alone: 275 instead of 274 of 2,712 words wrong (LibriSpeech
 * test-other). Milliseconds of CPU for one piece of sound, `base`, ONNX Runtime 1.28, one core of a Sapphire Rapids:
 * | sound | as fetched | logits in int8 | keys not scaled | signed encoder |
 * |---|---|---|---|---|
 * | 3 s | 237 | 140 | 137 | 107 |
 * | 8 s | 601 | 387 | 363 | 297 |
 * | 20 s | 1,733 | 1,201 | 1,016 | 875 |
 */
export function fasterMoonshineDecoder(model: Uint8Array): Uint8Array {
  const embeddings = new Set<string>();
  // The branches for the first and for every other token are inside the graph that holds the weights.
  return changeModel(model, (graph) => {
    const nodes = unscaledKeys({ ...graph, nodes: int8Logits(graph, (name) => embeddings.add(name)) });
    return { nodes, initializers: graph.initializers.filter(({ name }) => embeddings.has(name)).map((tensor) => transposed(tensor, TURNED)) };
  });
}

const shifted = (tensor: OnnxTensor): OnnxTensor => ({ ...tensor, type: TENSOR_TYPES.int8, bytes: tensor.bytes.map((value) => value ^ 0x80) });

const signedWeights: ChangeGraph = (graph) => {
  const names = new Set(graph.nodes.filter(({ op }) => op === 'MatMulInteger').flatMap(({ inputs }) => [inputs[1], inputs[3]]));
  return { nodes: graph.nodes, initializers: graph.initializers.filter(({ name, type }) => names.has(name) && type === TENSOR_TYPES.uint8).map(shifted) };
};

/**
 * The encoder with weights from -128 to 127 in place of 0 to 255, zero points likewise: the same products to the bit, by instructions that
 * multiply unsigned with signed bytes (VNNI, AMX). Processors without them may overflow and must have the one as fetched.
 */
export function signedMoonshineEncoder(model: Uint8Array): Uint8Array {
  return changeModel(model, signedWeights);
}
