import { type Field, fieldsOf, numbersOf } from '../../models/onnx/protobuf.js';

/** A constant of an ONNX graph. */
export interface OnnxTensor {
  readonly dims: readonly number[];
  /** `TensorProto.DataType` of onnx.proto: 1 float, 2 uint8, 3 int8, 7 int64. */
  readonly type: number;
  readonly bytes: Uint8Array;
}

export interface OnnxNode {
  readonly op: string;
  readonly inputs: readonly string[];
}

/** What is read of an ONNX file: its constants, and its nodes by name with those of nested graphs. */
export interface OnnxFile {
  readonly tensors: ReadonlyMap<string, OnnxTensor>;
  readonly nodes: ReadonlyMap<string, OnnxNode>;
}

/** Field numbers of onnx.proto. */
const MODEL_GRAPH = 7;
const GRAPH_NODE = 1;
const GRAPH_INITIALIZER = 5;
const NODE = { input: 1, name: 3, op: 4, attribute: 5 } as const;
const ATTRIBUTE_GRAPH = 6;
const TENSOR = { dims: 1, type: 2, floats: 4, ints: 5, name: 8, raw: 9 } as const;

const utf8 = new TextDecoder();

/** Fields of a message that are bytes, and the numbers beside them. */
const inside = ({ value }: Field): Field[] => (typeof value === 'number' ? [] : fieldsOf(value));
const textOf = ({ value }: Field): string => (typeof value === 'number' ? '' : utf8.decode(value));

function readTensor(tensor: Field): [name: string, tensor: OnnxTensor] {
  const fields = inside(tensor);
  const of = (...numbers: number[]) => fields.filter(({ number }) => numbers.includes(number));
  const [raw] = of(TENSOR.raw, TENSOR.floats).map(({ value }) => value);
  // A copy: the file is a Buffer, whose slices are views. Zero points lie in the list of integers, one byte each in meaning.
  const bytes = raw instanceof Uint8Array ? new Uint8Array(raw) : Uint8Array.from(of(TENSOR.ints).flatMap(numbersOf));
  return [of(TENSOR.name).map(textOf)[0] ?? '', { dims: of(TENSOR.dims).flatMap(numbersOf), type: of(TENSOR.type).flatMap(numbersOf)[0] ?? 0, bytes }];
}

class GraphReader implements OnnxFile {
  readonly tensors = new Map<string, OnnxTensor>();
  readonly nodes = new Map<string, OnnxNode>();

  read(graph: Field): void {
    for (const field of inside(graph)) {
      if (field.number === GRAPH_INITIALIZER) this.tensors.set(...readTensor(field));
      if (field.number === GRAPH_NODE) this.readNode(field);
    }
  }

  private readNode(node: Field): void {
    const fields = inside(node);
    const texts = (wanted: number) => fields.filter(({ number }) => number === wanted).map(textOf);
    this.nodes.set(texts(NODE.name)[0] ?? '', { op: texts(NODE.op)[0] ?? '', inputs: texts(NODE.input) });
    for (const attribute of fields.filter(({ number }) => number === NODE.attribute)) {
      for (const field of inside(attribute)) if (field.number === ATTRIBUTE_GRAPH) this.read(field);
    }
  }
}

/** @throws Error where the bytes are no ONNX model */
export function readOnnxFile(file: Uint8Array): OnnxFile {
  const reader = new GraphReader();
  try {
    for (const field of fieldsOf(file)) if (field.number === MODEL_GRAPH) reader.read(field);
  } catch (error) {
    throw new Error('Not an ONNX file, or one that is cut off', { cause: error });
  }
  if (reader.tensors.size === 0) throw new Error('Not an ONNX file');
  return reader;
}
