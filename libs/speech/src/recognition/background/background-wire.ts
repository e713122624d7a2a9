import type { ModelName } from '../../models/model-registry.js';

/** What the process opens, as its only argument: JSON. */
export interface BackgroundModel {
  readonly dir: string;
  readonly model: ModelName;
  /** How far its threads give way: 0 not at all, 19 as far as can be. */
  readonly nice: number;
  /** Decodes that run at once. */
  readonly parallel: number;
}

export interface ToBackground {
  readonly id: number;
  readonly samples: Float32Array;
}

/** `failed`: this one decode; the process goes on. */
export type FromBackground =
  | { readonly type: 'ready' }
  | { readonly type: 'heard'; readonly id: number; readonly text: string }
  | { readonly type: 'failed'; readonly id: number; readonly reason: string };
