/** One field of a protocol buffer's message: a number, or the bytes of a text, a nested message or packed numbers. */
export interface Field {
  readonly number: number;
  readonly value: number | Uint8Array;
  /** The field as it stands in the message, its key included. */
  readonly raw: Uint8Array;
}

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

const utf8 = new TextEncoder();

/** Exact up to 2^53; negative numbers come out as large ones. */
function varintAt(message: Uint8Array, from: number): { value: number; end: number } {
  let value = 0;
  for (let [at, unit] = [from, 1]; ; at += 1, unit *= 128) {
    const byte = message[at];
    if (byte === undefined) throw new RangeError('The message is cut off');
    value += (byte & 0x7f) * unit;
    if (byte < 0x80) return { value, end: at + 1 };
  }
}

function fieldAt(message: Uint8Array, start: number): { field: Field; end: number } {
  const key = varintAt(message, start);
  const kind = key.value % 8;
  let value: number | Uint8Array;
  let { end } = key;
  if (kind === VARINT) ({ value, end } = varintAt(message, end));
  else {
    const length = kind === BYTES ? varintAt(message, end) : { value: kind === FIXED64 ? 8 : 4, end };
    if (kind !== BYTES && kind !== FIXED64 && kind !== FIXED32) throw new RangeError('No protocol buffer');
    end = length.end + length.value;
    if (end > message.length) throw new RangeError('The message is cut off');
    value = message.subarray(length.end, end);
  }
  return { field: { number: Math.floor(key.value / 8), value, raw: message.subarray(start, end) }, end };
}

/** The fields of a message in their order. @throws RangeError where the bytes are no message */
export function fieldsOf(message: Uint8Array): Field[] {
  const fields: Field[] = [];
  for (let at = 0; at < message.length; ) {
    const { field, end } = fieldAt(message, at);
    fields.push(field);
    at = end;
  }
  return fields;
}

/** Numbers that stand alone or packed one after another. */
export function numbersOf({ value }: Field): number[] {
  if (typeof value === 'number') return [value];
  const numbers: number[] = [];
  for (let at = 0; at < value.length; ) {
    const { value: number, end } = varintAt(value, at);
    numbers.push(number);
    at = end;
  }
  return numbers;
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return [...bytes, rest];
}

export function numberField(number: number, value: number): Uint8Array {
  return Uint8Array.from([...varint(number * 8 + VARINT), ...varint(value)]);
}

export function bytesField(number: number, value: Uint8Array | string): Uint8Array {
  const bytes = typeof value === 'string' ? utf8.encode(value) : value;
  return joined([Uint8Array.from([...varint(number * 8 + BYTES), ...varint(bytes.length)]), bytes]);
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
