import { describe, expect, it } from '@jest/globals';
import { readOnnxFile } from './onnx-file.js';

const text = (value: string) => [...new TextEncoder().encode(value)];
const field = (number: number, bytes: number[]) => [number * 8 + 2, bytes.length, ...bytes];
const graph = (...parts: number[][]) => Uint8Array.from(field(7, parts.flat()));

const tensor = field(5, [...[8, 2], ...[8, 3], ...[16, 2], ...field(8, text('weights')), ...field(9, [1, 2, 3, 4, 5, 6])]);
const zero = field(5, [...[16, 2], ...[40, 0x83, 0x01], ...field(8, text('zero'))]);
const node = field(1, [...field(1, text('x')), ...field(1, text('weights')), ...field(3, text('/multiply')), ...field(4, text('MatMul'))]);

describe('readOnnxFile', () => {
  it('finds constants by name, with shape and bytes', () => {
    expect(readOnnxFile(graph(tensor)).tensors.get('weights')).toEqual({ dims: [2, 3], type: 2, bytes: Uint8Array.of(1, 2, 3, 4, 5, 6) });
  });

  it('reads a small number that is not among the raw bytes', () => {
    expect(readOnnxFile(graph(zero)).tensors.get('zero')?.bytes).toEqual(Uint8Array.of(131));
  });

  it('finds nodes, also those of a graph in an attribute', () => {
    const inner = field(1, [...field(3, text('/inner')), ...field(4, text('Add'))]);
    const outer = field(1, [...field(3, text('/if')), ...field(4, text('If')), ...field(5, field(6, inner))]);
    const { nodes } = readOnnxFile(graph(tensor, node, outer));
    expect(nodes.get('/multiply')).toEqual({ op: 'MatMul', inputs: ['x', 'weights'] });
    expect(nodes.get('/inner')?.op).toBe('Add');
  });

  it.each([
    ['a file that is cut off', graph(tensor).subarray(0, 12)],
    ['something else', new TextEncoder().encode('<html>not a model</html>')],
    ['nothing', new Uint8Array()],
  ])('refuses %s', (_, bytes) => {
    expect(() => readOnnxFile(bytes)).toThrow(/ONNX/);
  });
});
