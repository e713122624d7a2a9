import type { CudaDriver } from './cuda-driver.js';
import { LONGEST_SAMPLES, stemRows } from './moonshine-shape.js';
import type { MoonshineWeights } from './moonshine-weights.js';

/** How much must fit. */
export interface RoomSizes {
  readonly slots: number;
  /** Most samples that all of one encoder batch have together. */
  readonly batchSamples: number;
  readonly frameRoom: number;
  readonly tokenRoom: number;
}

export type Rooms = ReturnType<typeof makeRooms>;

const NUMBER_BYTES = 4;
const HALF_BYTES = 2;
const DOUBLE_PAIR_BYTES = 16;
/** Ints of the kernels' structures: a sequence's place, a slot's state. */
const STRUCTURE_INTS = 5;
const CHUNK_ROWS = 64;

/** What one slot takes: keys and values of its tokens, keys and values of its frames, and its row of likelihoods. */
export function slotBytes({ dim, decoder, embedding }: MoonshineWeights, { frameRoom, tokenRoom }: RoomSizes): number {
  const keysAndValues = 2 * decoder.length * dim;
  return keysAndValues * (tokenRoom * NUMBER_BYTES + frameRoom * HALF_BYTES) + embedding.rows * NUMBER_BYTES;
}

/** All memory that work needs, taken once: what has been loaded cannot run out of memory later. */
export function makeRooms(driver: CudaDriver, model: MoonshineWeights, sizes: RoomSizes) {
  const { dim, ffn, decoder, embedding } = model;
  const { slots, frameRoom, tokenRoom } = sizes;
  const [stem, stemWide, frames] = stemRows(sizes.batchSamples);
  const numbers = (count: number) => driver.allocate(count * NUMBER_BYTES);
  const chunkRoom = Math.ceil(stemRows(LONGEST_SAMPLES)[0] / CHUNK_ROWS);
  return {
    chunkRoom,
    samples: numbers(sizes.batchSamples + (slots + 1) * CHUNK_ROWS),
    sequences: numbers((4 * slots + 1) * STRUCTURE_INTS),
    stem: numbers(stem * dim),
    partial: driver.allocate(slots * chunkRoom * DOUBLE_PAIR_BYTES),
    stemWide: numbers(stemWide * 2 * dim),
    frames: numbers(frames * dim),
    normed: numbers(frames * dim),
    qkv: numbers(frames * 3 * dim),
    attended: numbers(frames * dim),
    wide: numbers(frames * ffn),
    row: numbers(slots * dim),
    rowQkv: numbers(slots * 3 * dim),
    rowQuery: numbers(slots * dim),
    rowAttended: numbers(slots * dim),
    rowWide: numbers(slots * 2 * ffn),
    logits: numbers(slots * embedding.rows),
    states: numbers(slots * STRUCTURE_INTS),
    slotOfRow: numbers(slots),
    tokens: numbers(slots * tokenRoom),
    kept: numbers(slots * decoder.length * 2 * tokenRoom * dim),
    heard: driver.allocate(slots * decoder.length * 2 * frameRoom * dim * HALF_BYTES),
  };
}
