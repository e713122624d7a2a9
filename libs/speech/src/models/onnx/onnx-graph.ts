import { type Field, bytesField, fieldsOf, joined, numberField, numbersOf } from './protobuf.js';

/** Field numbers of onnx.proto. */
const MODEL_GRAPH = 7;
const GRAPH = { node: 1, initializer: 5 } as const;
const NODE = { input: 1, output: 2, name: 3, op: 4, attribute: 5 } as const;
const ATTRIBUTE = { name: 1, integer: 3, text: 4, tensor: 5, graph: 6, integers: 8, type: 20 } as const;
/** `AttributeProto.AttributeType` of those that are written here. */
const ATTRIBUTE_TYPES = { integer: 2, text: 3, integers: 7 } as const;
const TENSOR = { dims: 1, type: 2, floats: 4, integers: 5, name: 8, raw: 9 } as const;

/** `TensorProto.DataType`, as far as it is met here. */
export const TENSOR_TYPES = { float: 1, uint8: 2, int8: 3, int64: 7 } as const;

export interface OnnxNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Attributes, name and whatever else, as they stand. */
  readonly rest: readonly Field[];
}

export interface OnnxTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly type: number;
  /** A copy. Zero points, which may lie in a list of integers, are one byte each. */
  readonly bytes: Uint8Array;
}

/** A graph in parts. Nodes are in an order in which each comes after those whose outputs it takes. */
export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
}

const utf8 = new TextDecoder();

export const bytesOf = ({ value }: Field): Uint8Array => (typeof value === 'number' ? new Uint8Array(0) : value);
export const textOf = (field: Field | undefined): string => (field ? utf8.decode(bytesOf(field)) : '');

function readNode(message: Uint8Array): OnnxNode {
  const fields = fieldsOf(message);
  const texts = (number: number) => fields.filter((field) => field.number === number).map(textOf);
  const known: readonly number[] = [NODE.input, NODE.output, NODE.op];
  return { op: texts(NODE.op)[0] ?? '', inputs: texts(NODE.input), outputs: texts(NODE.output), rest: fields.filter(({ number }) => !known.includes(number)) };
}

function writeNode({ op, inputs, outputs, rest }: OnnxNode): Uint8Array {
  return joined([
    ...inputs.map((input) => bytesField(NODE.input, input)),
    ...outputs.map((output) => bytesField(NODE.output, output)),
    bytesField(NODE.op, op),
    ...rest.map(({ raw }) => raw),
  ]);
}

export function readTensor(message: Uint8Array): OnnxTensor {
  const fields = fieldsOf(message);
  const of = (number: number) => fields.filter((field) => field.number === number);
  const raw = of(TENSOR.raw)[0] ?? of(TENSOR.floats)[0];
  return {
    name: textOf(of(TENSOR.name)[0]),
    dims: of(TENSOR.dims).flatMap(numbersOf),
    type: of(TENSOR.type).flatMap(numbersOf)[0] ?? 0,
    // Slices of a Buffer, as files are read into, would be views.
    bytes: raw ? new Uint8Array(bytesOf(raw)) : Uint8Array.from(of(TENSOR.integers).flatMap(numbersOf)),
  };
}

function writeTensor({ name, dims, type, bytes }: OnnxTensor): Uint8Array {
  return joined([...dims.map((dim) => numberField(TENSOR.dims, dim)), numberField(TENSOR.type, type), bytesField(TENSOR.name, name), bytesField(TENSOR.raw, bytes)]);
}

/** A whole number, such as `to` of Cast, several, such as `strides` of Conv, or a text, such as `mode` of Pad. */
export type AttributeValue = number | readonly number[] | string;

function attributeFields(value: AttributeValue): Uint8Array[] {
  if (typeof value === 'number') return [numberField(ATTRIBUTE.integer, value), numberField(ATTRIBUTE.type, ATTRIBUTE_TYPES.integer)];
  if (typeof value === 'string') return [bytesField(ATTRIBUTE.text, value), numberField(ATTRIBUTE.type, ATTRIBUTE_TYPES.text)];
  return [...value.map((each) => numberField(ATTRIBUTE.integers, each)), numberField(ATTRIBUTE.type, ATTRIBUTE_TYPES.integers)];
}

export function newNode(op: string, inputs: readonly string[], outputs: readonly string[], attributes: Readonly<Record<string, AttributeValue>> = {}): OnnxNode {
  const fields = Object.entries(attributes).map(([name, value]) => bytesField(NODE.attribute, joined([bytesField(ATTRIBUTE.name, name), ...attributeFields(value)])));
  return { op, inputs, outputs, rest: fieldsOf(joined([bytesField(NODE.name, `auscult/${outputs.find((output) => output !== '') ?? op}`), ...fields])) };
}

/** What a node has inside: the tensors among its attributes, and the constants of the graphs there, however deep; by the names of what they are put out as. */
export function constantsInside(node: OnnxNode): Map<string, OnnxTensor> {
  const attributes = node.rest.filter(({ number }) => number === NODE.attribute).flatMap((field) => fieldsOf(bytesOf(field)));
  const own = attributes.filter(({ number }) => number === ATTRIBUTE.tensor).map((field) => [node.outputs[0] ?? '', readTensor(bytesOf(field))] as const);
  const graphs = attributes.filter(({ number }) => number === ATTRIBUTE.graph).flatMap((field) => fieldsOf(bytesOf(field)));
  const nested = graphs.filter(({ number }) => number === GRAPH.node).flatMap((field) => [...constantsInside(readNode(bytesOf(field)))]);
  return new Map([...own, ...nested]);
}

/** The nodes of a model's own graph. */
export function nodesOf(model: Uint8Array): OnnxNode[] {
  const graphs = fieldsOf(model).filter(({ number }) => number === MODEL_GRAPH);
  return graphs.flatMap((graph) => fieldsOf(bytesOf(graph))).filter(({ number }) => number === GRAPH.node).map((field) => readNode(bytesOf(field)));
}

/** What a change answers: the nodes anew, and constants that are put in place of those of the same name or added. */
export interface GraphChange {
  readonly nodes: readonly OnnxNode[];
  readonly initializers?: readonly OnnxTensor[];
}

export type ChangeGraph = (graph: OnnxGraph) => GraphChange;

function changeAttribute(message: Uint8Array, change: (graph: Uint8Array) => Uint8Array): Uint8Array {
  return joined(fieldsOf(message).map((field) => (field.number === ATTRIBUTE.graph ? bytesField(ATTRIBUTE.graph, change(bytesOf(field))) : field.raw)));
}

function changeGraph(message: Uint8Array, change: ChangeGraph): Uint8Array {
  const fields = fieldsOf(message);
  const initializers = fields.filter(({ number }) => number === GRAPH.initializer).map((field) => ({ field, tensor: readTensor(bytesOf(field)) }));
  const nested = (node: OnnxNode): OnnxNode => {
    const inner = (attribute: Field) => changeAttribute(bytesOf(attribute), (graph) => changeGraph(graph, change));
    return { ...node, rest: node.rest.flatMap((field) => (field.number === NODE.attribute ? fieldsOf(bytesField(NODE.attribute, inner(field))) : [field])) };
  };
  const nodes = fields.filter(({ number }) => number === GRAPH.node).map((field) => nested(readNode(bytesOf(field))));
  const changed = change({ nodes, initializers: initializers.map(({ tensor }) => tensor) });
  const renewed = new Map((changed.initializers ?? []).map((tensor) => [tensor.name, tensor]));
  return joined([
    ...changed.nodes.map((node) => bytesField(GRAPH.node, writeNode(node))),
    ...initializers.filter(({ tensor }) => !renewed.has(tensor.name)).map(({ field }) => field.raw),
    ...[...renewed.values()].map((tensor) => bytesField(GRAPH.initializer, writeTensor(tensor))),
    ...fields.filter(({ number }) => number !== GRAPH.node && number !== GRAPH.initializer).map(({ raw }) => raw),
  ]);
}

/**
 * An ONNX model with its graph and every graph inside it changed, inner ones first. What is not changed stays as it was to the byte, the same
 * input gives the same output.
 */
export function changeModel(model: Uint8Array, change: ChangeGraph): Uint8Array {
  return joined(fieldsOf(model).map((field) => (field.number === MODEL_GRAPH ? bytesField(MODEL_GRAPH, changeGraph(bytesOf(field), change)) : field.raw)));
}
