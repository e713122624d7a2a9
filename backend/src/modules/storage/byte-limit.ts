import { Transform, type TransformCallback } from 'node:stream';
import type { ProblemError } from '../../platform/http/index.js';

/** Passes bytes on until there are more than `limit` of them, and then fails with `problem`. */
export class ByteLimit extends Transform {
  private taken = 0;

  constructor(
    private readonly limit: number,
    private readonly problem: ProblemError,
  ) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.taken += chunk.length;
    if (this.taken > this.limit) done(this.problem);
    else done(null, chunk);
  }
}
