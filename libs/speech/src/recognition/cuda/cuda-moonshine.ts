import { SAMPLE_RATE } from '../../audio/opened-audio.js';
import type { CudaDriver, DevicePointer, Graph, Kernel } from './cuda-driver.js';
import { type RoomSizes, type Rooms, makeRooms, slotBytes } from './device-rooms.js';
import { type DeviceMatrix, type DeviceWeights, uploadWeights } from './device-weights.js';
import { EncoderBatch } from './encoder-batch.js';
import type { MoonshineDevice, RowTable, SlotInput, SlotProgress } from './moonshine-device.js';
import { LONGEST_SAMPLES, stemRows, tokenLimit } from './moonshine-shape.js';
import type { MoonshineWeights } from './moonshine-weights.js';

const BATCH_SECONDS = 96;
const START_TOKEN = 1;
const STATE_INTS = 5;
const FLOAT_BYTES = 4;
const TILE = 64;
/** Leave something to whatever else uses the card. */
const USABLE_SHARE = 0.9;
const FEWEST_SLOTS = 2;
/** What an encoder batch takes with the larger model, rounded up. */
const BATCH_BYTES = 200e6;

const KERNELS = [
  'multiply', 'groupSums', 'groupNormalize', 'layerNormalize', 'encoderRotate', 'encoderAttention', 'embed', 'normalizeMultiply',
  'addMultiply', 'addGatedMultiply', 'selfAttention', 'crossAttention', 'takeToken',
] as const;
type KernelName = (typeof KERNELS)[number];

/** What multiply does with each result; as in the kernels. */
const FINISH = { none: 0, tanh: 1, gelu: 2, add: 3, cross: 4 } as const;

/** Moonshine on one device: weights, room for some utterances, and the order in which the kernels run. */
export class CudaMoonshine implements MoonshineDevice {
  readonly batchSamples = BATCH_SECONDS * SAMPLE_RATE;
  readonly slots: number;
  private readonly kernels: Readonly<Record<KernelName, Kernel>>;
  private readonly weights: DeviceWeights;
  private readonly rooms: Rooms;
  private readonly frameRoom = stemRows(LONGEST_SAMPLES)[2];
  private readonly tokenRoom = tokenLimit(this.frameRoom);
  private readonly graphs = new Map<number, Graph>();

  /** @throws CudaError where the device has too little memory */
  constructor(
    private readonly driver: CudaDriver,
    ptx: string,
    private readonly model: MoonshineWeights,
    wantedSlots: number,
  ) {
    const find = driver.loadModule(ptx);
    this.kernels = Object.fromEntries(KERNELS.map((name) => [name, find(name)])) as Record<KernelName, Kernel>;
    this.weights = uploadWeights(driver, model, this.frameRoom);
    const { batchSamples, frameRoom, tokenRoom } = this;
    const sizes = { slots: wantedSlots, batchSamples, frameRoom, tokenRoom };
    this.slots = this.slotsThatFit(sizes);
    this.rooms = makeRooms(driver, model, { ...sizes, slots: this.slots });
  }

  encode(inputs: readonly SlotInput[]): void {
    const batch = new EncoderBatch(inputs, this.model.dim);
    this.driver.upload(this.rooms.samples, batch.samples);
    this.driver.upload(this.rooms.sequences, batch.tables);
    this.stem(batch);
    for (const layer of this.weights.encoder) this.encoderLayer(layer, batch);
    this.normalize(this.weights.encoderNorm, batch);
    const { heard } = this.weights;
    this.multiply(heard, { input: this.rooms.normed, step: this.model.dim, output: this.rooms.heard, finish: FINISH.cross, rows: batch.frames(this.rooms.sequences) });
    for (const { slot, frames } of batch.members) {
      const state = Int32Array.of(START_TOKEN, 0, tokenLimit(frames), 0, frames);
      this.driver.upload(this.rooms.states + BigInt(slot * STATE_INTS * FLOAT_BYTES), state);
    }
  }

  decode(slots: readonly number[], steps: number): SlotProgress[] {
    this.driver.upload(this.rooms.slotOfRow, Int32Array.from(slots));
    const graph = this.graphs.get(slots.length) ?? this.driver.record(() => this.step(slots.length));
    this.graphs.set(slots.length, graph);
    for (let step = 0; step < steps; step += 1) this.driver.replay(graph);
    const states = new Int32Array(this.slots * STATE_INTS);
    const tokens = new Int32Array(this.slots * this.tokenRoom);
    this.driver.download(this.rooms.states, states);
    this.driver.download(this.rooms.tokens, tokens);
    return slots.map((slot) => {
      const [, position = 0, , done = 0] = states.subarray(slot * STATE_INTS);
      return { slot, done: done !== 0, tokens: tokens.slice(slot * this.tokenRoom, slot * this.tokenRoom + position) };
    });
  }

  /** For tests of the kernels: numbers as they lie on the device now. */
  peek(room: Exclude<keyof Rooms, 'chunkRoom'>, count: number): Float32Array {
    const numbers = new Float32Array(count);
    this.driver.download(this.rooms[room], numbers);
    return numbers;
  }

  /** A small card decodes fewer at once. */
  private slotsThatFit(sizes: RoomSizes): number {
    const room = this.driver.freeBytes * USABLE_SHARE - BATCH_BYTES;
    return Math.max(FEWEST_SLOTS, Math.min(sizes.slots, Math.floor(room / slotBytes(this.model, sizes))));
  }

  private stem(batch: EncoderBatch): void {
    const { model, weights, rooms, kernels, driver } = this;
    const [first, second, third] = weights.convolutions;
    const [firstRows, secondRows, frames] = batch.stem(rooms.sequences);
    this.multiply(first, { input: rooms.samples, step: 64, output: rooms.stem, finish: FINISH.tanh, rows: firstRows });
    const chunks = Math.ceil(firstRows.most / TILE);
    const grid = [chunks, firstRows.count] as const;
    driver.launch(kernels.groupSums, grid, 256, 0, [rooms.stem, model.dim, secondRows.table, rooms.partial, rooms.chunkRoom]);
    const normalizing = [rooms.stem, model.dim, secondRows.table, rooms.partial, rooms.chunkRoom, weights.stemGain, weights.stemBias];
    driver.launch(kernels.groupNormalize, grid, 256, 0, normalizing);
    this.multiply(second, { input: rooms.stem, step: 3 * model.dim, output: rooms.stemWide, finish: FINISH.gelu, rows: secondRows });
    this.multiply(third, { input: rooms.stemWide, step: 2 * second.rows, output: rooms.frames, finish: FINISH.gelu, rows: frames });
  }

  private encoderLayer(layer: DeviceWeights['encoder'][number], batch: EncoderBatch): void {
    const { dim, heads, headDim, frequencies, ffn } = this.model;
    const { rooms, kernels, driver } = this;
    const each = batch.frames(rooms.sequences);
    const all = batch.everything(rooms.sequences);
    this.normalize(layer.attentionNorm, batch);
    this.multiply(layer.qkv, { input: rooms.normed, step: dim, output: rooms.qkv, finish: FINISH.none, rows: all });
    const rotating = [rooms.qkv, each.table, this.weights.turns, frequencies.length, heads, headDim];
    driver.launch(kernels.encoderRotate, [each.most, each.count], 128, 0, rotating);
    const grid = [Math.ceil(each.most / TILE), heads, each.count] as const;
    driver.launch(kernels.encoderAttention, grid, 256, 0, [rooms.qkv, rooms.attended, each.table, heads, headDim]);
    this.multiply(layer.attentionOut, { input: rooms.attended, step: dim, output: rooms.frames, finish: FINISH.add, rows: all });
    this.normalize(layer.mlpNorm, batch);
    this.multiply(layer.up, { input: rooms.normed, step: dim, output: rooms.wide, finish: FINISH.gelu, rows: all });
    this.multiply(layer.down, { input: rooms.wide, step: ffn, output: rooms.frames, finish: FINISH.add, rows: all });
  }

  private normalize(gain: DevicePointer, batch: EncoderBatch): void {
    const { rooms } = this;
    const grid = [Math.ceil(batch.totalFrames / 8)] as const;
    this.driver.launch(this.kernels.layerNormalize, grid, 256, 0, [rooms.frames, rooms.normed, batch.totalFrames, this.model.dim, gain]);
  }

  private multiply(matrix: DeviceMatrix, { input, step, output, finish, rows }: Product): void {
    const { rows: outputs, columns, bytes, units, bias } = matrix;
    const grid = [Math.ceil(outputs / TILE), Math.ceil(rows.most / TILE), rows.count] as const;
    const args = [input, step, bytes, units, bias, output, outputs, columns, matrix.step, rows.table, finish, this.model.headDim, this.frameRoom];
    this.driver.launch(this.kernels.multiply, grid, 256, 0, args);
  }

  /** One token of each row, as launches. */
  private step(rows: number): void {
    const { model, rooms, weights, kernels, driver } = this;
    const { embedding } = weights;
    driver.launch(kernels.embed, [rows], 128, 0, [embedding.bytes, embedding.units, rooms.states, rooms.slotOfRow, rooms.row, model.dim]);
    weights.decoder.forEach((layer, index) => this.decoderLayer(layer, index, rows));
    this.normalizeMultiply(weights.decoderNorm, embedding, rooms.logits, rows, 16);
    const taking = [rooms.logits, rooms.states, rooms.slotOfRow, rooms.tokens, embedding.rows, this.tokenRoom];
    driver.launch(kernels.takeToken, [rows], 1024, 0, taking);
  }

  private decoderLayer(layer: DeviceWeights['decoder'][number], index: number, rows: number): void {
    const { rooms, kernels, driver } = this;
    const { heads, headDim, frequencies } = this.model;
    const layers = this.weights.decoder.length;
    const ofSlots = [rooms.states, rooms.slotOfRow, rooms.rowAttended, index, layers];
    this.normalizeMultiply(layer.attentionNorm, layer.qkv, rooms.rowQkv, rows, 1);
    const itself = [rooms.rowQkv, rooms.kept, this.weights.turns, ...ofSlots, frequencies.length, headDim, this.tokenRoom];
    driver.launch(kernels.selfAttention, [heads, rows], 256, this.tokenRoom * FLOAT_BYTES, itself);
    this.addMultiply('addMultiply', layer.attentionOut, rooms.rowAttended, rows, 8);
    this.normalizeMultiply(layer.crossNorm, layer.crossQuery, rooms.rowQuery, rows, 1);
    const heard = [rooms.rowQuery, rooms.heard, ...ofSlots, headDim, this.frameRoom];
    driver.launch(kernels.crossAttention, [heads, rows], 256, this.frameRoom * FLOAT_BYTES, heard);
    this.addMultiply('addMultiply', layer.crossOut, rooms.rowAttended, rows, 8);
    this.normalizeMultiply(layer.mlpNorm, layer.up, rooms.rowWide, rows, 2);
    this.addMultiply('addGatedMultiply', layer.down, rooms.rowWide, rows, 4);
  }

  private normalizeMultiply(gain: DevicePointer, matrix: DeviceMatrix, output: DevicePointer, rows: number, each: number): void {
    const grid = [Math.ceil(matrix.rows / (8 * each)), Math.ceil(rows / 8)] as const;
    const args = [this.rooms.row, gain, matrix.bytes, matrix.units, matrix.bias, output, rows, matrix.rows, matrix.columns, each];
    this.driver.launch(this.kernels.normalizeMultiply, grid, 256, 8 * matrix.columns * FLOAT_BYTES, args);
  }

  private addMultiply(kernel: 'addMultiply' | 'addGatedMultiply', matrix: DeviceMatrix, input: DevicePointer, rows: number, rowsEach: number): void {
    const grid = [Math.ceil(matrix.rows / 8), Math.ceil(rows / rowsEach)] as const;
    const args = [input, matrix.bytes, matrix.units, matrix.bias, this.rooms.row, rows, matrix.rows, matrix.columns, 1];
    this.driver.launch(this.kernels[kernel], grid, 256, rowsEach * matrix.columns * FLOAT_BYTES, args);
  }
}

/** What a matrix is multiplied with: rows that begin every `step` numbers of `input`. */
interface Product {
  readonly input: DevicePointer;
  readonly step: number;
  readonly output: DevicePointer;
  readonly finish: number;
  readonly rows: RowTable;
}
