import type { ModelName } from '../../models/model-registry.js';

/** What the thread that owns the device is started with. */
export interface CudaWorkerData {
  readonly dir: string;
  readonly model: ModelName;
  readonly slots: number;
}

export type ToCudaWorker = { readonly type: 'recognize'; readonly id: number; readonly samples: Float32Array } | { readonly type: 'close' };

/** `unusable`: there is no GPU. `failed`: something broke; the thread ends. */
export type FromCudaWorker =
  | { readonly type: 'ready'; readonly device: string; readonly slots: number }
  | { readonly type: 'unusable'; readonly reason: string }
  | { readonly type: 'failed'; readonly reason: string }
  | { readonly type: 'tokens'; readonly id: number; readonly tokens: Int32Array };
