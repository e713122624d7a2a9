import { describe, expect, it } from '@jest/globals';
import { bytesField, fieldsOf, joined, numberField, numbersOf } from './protobuf.js';

describe('protocol buffers', () => {
  const inner = joined([numberField(1, 300), bytesField(2, 'embeddings')]);
  const message = joined([numberField(1, 0), numberField(2, 2 ** 40), bytesField(7, inner), bytesField(16, new Uint8Array(200))]);

  it('are read as they were written', () => {
    expect(fieldsOf(message).map(({ number, value }) => [number, typeof value === 'number' ? value : value.length])).toEqual([[1, 0], [2, 2 ** 40], [7, inner.length], [16, 200]]);
    expect(fieldsOf(inner).map(({ value }) => (typeof value === 'number' ? value : new TextDecoder().decode(value)))).toEqual([300, 'embeddings']);
  });

  it('stay what they were, field by field', () => {
    expect(joined(fieldsOf(message).map(({ raw }) => raw))).toEqual(message);
  });

  it('hold numbers alone or packed', () => {
    expect(fieldsOf(joined([numberField(3, 7), bytesField(3, Uint8Array.from([1, 0xac, 0x02, 5]))])).flatMap(numbersOf)).toEqual([7, 1, 300, 5]);
  });

  it('of fixed width keep their bytes', () => {
    expect(fieldsOf(Uint8Array.from([(1 << 3) | 5, 1, 2, 3, 4])).map(({ value }) => value)).toEqual([Uint8Array.from([1, 2, 3, 4])]);
  });

  it.each([
    ['cut off in a key', [0x80]],
    ['cut off in a length', [0x0a]],
    ['cut off in its content', [0x0a, 5, 1]],
    ['of a kind that there is not', [0x0b, 1]],
  ])('%s are refused', (_, bytes) => {
    expect(() => fieldsOf(Uint8Array.from(bytes))).toThrow(RangeError);
  });
});
