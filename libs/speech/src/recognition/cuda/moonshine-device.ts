import type { DevicePointer } from './cuda-driver.js';

/** An utterance and the place that it is decoded in. */
export interface SlotInput {
  readonly slot: number;
  readonly samples: Float32Array;
}

export interface SlotProgress {
  readonly slot: number;
  readonly done: boolean;
  /** All tokens so far, without the start and the end. */
  readonly tokens: Int32Array;
}

/** What decodes utterances, each in a slot of its own. */
export interface MoonshineDevice {
  readonly slots: number;
  /** Most samples of all that are encoded at once. */
  readonly batchSamples: number;
  /** Puts utterances into slots, whatever was in these before. */
  encode(inputs: readonly SlotInput[]): void;
  /** Takes up to `steps` tokens in each of these slots. */
  decode(slots: readonly number[], steps: number): SlotProgress[];
}

/** Where a launch finds its sequences: how many there are and the most rows that one has. */
export interface RowTable {
  readonly table: DevicePointer;
  readonly count: number;
  readonly most: number;
}
