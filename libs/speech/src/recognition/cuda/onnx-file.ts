/** A constant of an ONNX graph. `bytes` points into the file that was read. */
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

type Field = { readonly number: number; readonly value: number } | { readonly number: number; readonly bytes: Uint8Array };

/** Protocol buffers: each field is a key, then a number or a length and that many bytes. */
class MessageReader {
  private at = 0;

  constructor(private readonly message: Uint8Array) {}

  *fields(): Generator<Field> {
    while (this.at < this.message.length) {
      const key = this.varint();
      const number = Math.floor(key / 8);
      switch (key % 8) {
        case 0:
          yield { number, value: this.varint() };
          break;
        case 1:
          yield { number, bytes: this.take(8) };
          break;
        case 2:
          yield { number, bytes: this.take(this.varint()) };
          break;
        case 5:
          yield { number, bytes: this.take(4) };
          break;
        default:
          throw new Error('Not an ONNX file');
      }
    }
  }

  *varints(): Generator<number> {
    while (this.at < this.message.length) yield this.varint();
  }

  /** Exact up to 2^53; negative numbers, which no field that is read here holds, come out as large ones. */
  private varint(): number {
    let value = 0;
    let unit = 1;
    for (;;) {
      const byte = this.message[this.at];
      if (byte === undefined) throw new Error('The ONNX file is cut off');
      this.at += 1;
      value += (byte & 0x7f) * unit;
      if (byte < 0x80) return value;
      unit *= 128;
    }
  }

  private take(length: number): Uint8Array {
    const end = this.at + length;
    if (end > this.message.length) throw new Error('The ONNX file is cut off');
    const bytes = this.message.subarray(this.at, end);
    this.at = end;
    return bytes;
  }
}

const utf8 = new TextDecoder();

function numbersOf(field: Field): number[] {
  return 'value' in field ? [field.value] : [...new MessageReader(field.bytes).varints()];
}

function readTensor(message: Uint8Array): [name: string, tensor: OnnxTensor] {
  let name = '';
  let type = 0;
  let bytes = new Uint8Array();
  const dims: number[] = [];
  const small: number[] = [];
  for (const field of new MessageReader(message).fields()) {
    if (field.number === TENSOR.dims) dims.push(...numbersOf(field));
    if (field.number === TENSOR.type && 'value' in field) type = field.value;
    if (field.number === TENSOR.ints) small.push(...numbersOf(field));
    if (!('bytes' in field)) continue;
    if (field.number === TENSOR.name) name = utf8.decode(field.bytes);
    if (field.number === TENSOR.raw || field.number === TENSOR.floats) bytes = new Uint8Array(field.bytes);
  }
  // Zero points lie in the list of integers, one byte each in meaning.
  if (bytes.length === 0 && small.length > 0) bytes = Uint8Array.from(small);
  return [name, { dims, type, bytes }];
}

class GraphReader implements OnnxFile {
  readonly tensors = new Map<string, OnnxTensor>();
  readonly nodes = new Map<string, OnnxNode>();

  read(graph: Uint8Array): void {
    for (const field of new MessageReader(graph).fields()) {
      if (!('bytes' in field)) continue;
      if (field.number === GRAPH_INITIALIZER) this.tensors.set(...readTensor(field.bytes));
      if (field.number === GRAPH_NODE) this.readNode(field.bytes);
    }
  }

  private readNode(message: Uint8Array): void {
    let name = '';
    let op = '';
    const inputs: string[] = [];
    for (const field of new MessageReader(message).fields()) {
      if (!('bytes' in field)) continue;
      if (field.number === NODE.input) inputs.push(utf8.decode(field.bytes));
      if (field.number === NODE.name) name = utf8.decode(field.bytes);
      if (field.number === NODE.op) op = utf8.decode(field.bytes);
      if (field.number === NODE.attribute) this.readAttribute(field.bytes);
    }
    this.nodes.set(name, { op, inputs });
  }

  private readAttribute(message: Uint8Array): void {
    for (const field of new MessageReader(message).fields()) {
      if (field.number === ATTRIBUTE_GRAPH && 'bytes' in field) this.read(field.bytes);
    }
  }
}

/** @throws Error where the bytes are no ONNX model */
export function readOnnxFile(file: Uint8Array): OnnxFile {
  const reader = new GraphReader();
  for (const field of new MessageReader(file).fields()) {
    if (field.number === MODEL_GRAPH && 'bytes' in field) reader.read(field.bytes);
  }
  if (reader.tensors.size === 0) throw new Error('Not an ONNX file');
  return reader;
}
