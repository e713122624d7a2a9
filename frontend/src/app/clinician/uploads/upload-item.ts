import type { ProblemMessage } from '../../core/problem-message';
import type { ShelvedUpload } from './upload-shelf';

/**
 * `waiting` for its turn, `sending`, `interrupted` (goes on by itself), `paused` by the person, `needs-file` after a reload
 * that could not keep the file, `failed`.
 */
export type UploadState = 'waiting' | 'sending' | 'interrupted' | 'paused' | 'needs-file' | 'failed';

/** One upload as the page shows it. */
export interface UploadItem {
  readonly id: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly sentBytes: number;
  readonly state: UploadState;
  /** Bytes per second; null while unknown. */
  readonly speed: number | null;
  readonly problem: ProblemMessage | null;
  /** Whether another attempt can help. */
  readonly retryable: boolean;
}

/** Before anything of it is sent. */
export function itemOf({ id, name, sizeBytes, file }: ShelvedUpload): UploadItem {
  return { id, name, sizeBytes, sentBytes: 0, state: file ? 'waiting' : 'needs-file', speed: null, problem: null, retryable: false };
}

/** A file that was not accepted, and why. */
export interface RefusedFile {
  readonly id: string;
  readonly name: string;
  readonly reason: string;
}
