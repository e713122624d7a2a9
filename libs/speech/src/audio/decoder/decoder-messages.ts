import type { AudioErrorCode } from '../audio-error.js';

/** What the decoder found when it opened the content. */
export interface AudioDescription {
  readonly mediaType: string;
  readonly channelCount: 1 | 2;
  readonly durationMs: number | null;
}

/** To the decoder process. It may send one message of frames for each `pull`. */
export type DecoderRequest =
  | { readonly type: 'open'; readonly sizeBytes: number }
  | { readonly type: 'bytes'; readonly id: number; readonly bytes: Uint8Array }
  | { readonly type: 'pull' };

/** From the decoder process. `samples` are interleaved where there are two channels. */
export type DecoderReply =
  | { readonly type: 'read'; readonly id: number; readonly start: number; readonly length: number }
  | ({ readonly type: 'opened' } & AudioDescription)
  | { readonly type: 'frames'; readonly samples: Float32Array }
  | { readonly type: 'ended'; readonly truncated: boolean }
  | { readonly type: 'refused'; readonly code: AudioErrorCode };
