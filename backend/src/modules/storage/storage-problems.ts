import { ProblemError } from '../../platform/http/index.js';
import { ObjectNotFoundError, OffsetConflictError, StorageFullError, WriterReplacedError } from './object-store.js';
import { LeaseUnavailableError } from './upload-lease.js';

/** What a caller over HTTP is told about a failure of storage; anything unknown stays what it is. */
export function problemOf(error: unknown): unknown {
  if (error instanceof StorageFullError) return new ProblemError('storage-full');
  if (error instanceof ObjectNotFoundError) return new ProblemError('not-found');
  if (error instanceof OffsetConflictError) return new ProblemError('conflict', 'The upload continues at another offset.');
  if (error instanceof WriterReplacedError) return new ProblemError('conflict', 'Another connection took the upload over.');
  if (error instanceof LeaseUnavailableError) return new ProblemError('conflict', 'Another connection is writing to this upload.');
  return error;
}
