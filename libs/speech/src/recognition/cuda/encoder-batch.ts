import type { DevicePointer } from './cuda-driver.js';
import type { RowTable, SlotInput } from './moonshine-device.js';
import { stemRows } from './moonshine-shape.js';

/** As the kernels' structure: first element of the input, its rows, rows to make, first row of the output, slot. */
const SEQUENCE_INTS = 5;
/** An utterance begins where sixteen bytes may be read at once. */
const SAMPLE_STEP = 64;

interface Member {
  readonly slot: number;
  readonly samples: Float32Array;
  readonly sampleStart: number;
  readonly starts: readonly [number, number, number];
  readonly rows: readonly [number, number, number];
}

/** Utterances packed one after another, and the tables that tell the kernels where each one lies at each stage. */
export class EncoderBatch {
  readonly samples: Float32Array;
  /** One table for each convolution, one for the frames, and one that has all frames as a single sequence. */
  readonly tables: Int32Array;
  readonly totalFrames: number;
  private readonly packed: readonly Member[];

  constructor(inputs: readonly SlotInput[], private readonly dim: number) {
    const packed: Member[] = [];
    let sampleStart = 0;
    let starts: [number, number, number] = [0, 0, 0];
    for (const { slot, samples } of inputs) {
      const rows = stemRows(samples.length);
      packed.push({ slot, samples, sampleStart, starts, rows });
      sampleStart += Math.ceil(samples.length / SAMPLE_STEP) * SAMPLE_STEP;
      starts = [starts[0] + rows[0], starts[1] + rows[1], starts[2] + rows[2]];
    }
    this.packed = packed;
    this.totalFrames = starts[2];
    this.samples = new Float32Array(sampleStart + SAMPLE_STEP);
    for (const each of packed) this.samples.set(each.samples, each.sampleStart);
    this.tables = this.makeTables();
  }

  get members(): { slot: number; frames: number }[] {
    return this.packed.map(({ slot, rows }) => ({ slot, frames: rows[2] }));
  }

  stem(base: DevicePointer): [RowTable, RowTable, RowTable] {
    return [this.table(base, 0, 0), this.table(base, 1, 1), this.table(base, 2, 2)];
  }

  frames(base: DevicePointer): RowTable {
    return this.table(base, 3, 2);
  }

  everything(base: DevicePointer): RowTable {
    return { ...this.table(base, 4, 2), count: 1, most: this.totalFrames };
  }

  private table(base: DevicePointer, index: number, stage: 0 | 1 | 2): RowTable {
    const table = base + BigInt(index * this.packed.length * SEQUENCE_INTS * Int32Array.BYTES_PER_ELEMENT);
    return { table, count: this.packed.length, most: Math.max(...this.packed.map(({ rows }) => rows[stage])) };
  }

  private makeTables(): Int32Array {
    const { dim } = this;
    const first = this.packed.map(({ sampleStart, starts, rows, slot }) => [sampleStart, 0, rows[0], starts[0], slot]);
    const second = this.packed.map(({ starts, rows, slot }) => [starts[0] * dim, rows[0], rows[1], starts[1], slot]);
    const third = this.packed.map(({ starts, rows, slot }) => [starts[1] * 2 * dim, rows[1], rows[2], starts[2], slot]);
    const frames = this.packed.map(({ starts, rows, slot }) => [starts[2] * dim, rows[2], rows[2], starts[2], slot]);
    return Int32Array.from([...first, ...second, ...third, ...frames, [0, 0, this.totalFrames, 0, 0]].flat());
  }
}
