import { type OnnxTensor as NamedTensor, bytesOf, readTensor, textOf } from '../../models/onnx/onnx-graph.js';
import { type Field, fieldsOf } from '../../models/onnx/protobuf.js';

/** A constant of an ONNX graph; types as `TensorProto.DataType` has them: 1 float, 2 uint8, 3 int8, 7 int64. */
export type OnnxTensor = Omit<NamedTensor, 'name'>;

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

const inside = (field: Field): Field[] => fieldsOf(bytesOf(field));

class GraphReader implements OnnxFile {
  readonly tensors = new Map<string, OnnxTensor>();
  readonly nodes = new Map<string, OnnxNode>();

  read(graph: Field): void {
    for (const field of inside(graph)) {
      if (field.number === GRAPH_INITIALIZER) this.readTensor(field);
      if (field.number === GRAPH_NODE) this.readNode(field);
    }
  }

  private readTensor(field: Field): void {
    const { name, ...tensor } = readTensor(bytesOf(field));
    this.tensors.set(name, tensor);
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
