import { randomUUID } from 'node:crypto';
import { type Readable, pipeline } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { APP_CONFIG, type AppConfig } from '../../platform/config/index.js';
import { ProblemError } from '../../platform/http/index.js';
import { ByteLimit } from './byte-limit.js';
import { cleanMetadata } from './cleaned-names.js';
import { createWrappedKey } from './data-keys.js';
import { ObjectStore } from './object-store.js';
import { problemOf } from './storage-problems.js';
import type { ObjectMetadata } from './stored-object.entity.js';
import { type ObjectRow, StoredObjectRepository } from './stored-object.repository.js';
import { type CompletionReceiver, UploadCompletion } from './upload-completion.js';
import { type UploadLease, UploadLeases } from './upload-lease.js';

export type { CompletedUpload, CompletionReceiver } from './upload-completion.js';

export interface UploadInput {
  ownerId: string;
  fileName: string | null;
  title: string | null;
  mediaType: string | null;
  /** The file's bytes, of unknown length. Destroyed when the upload fails; when it breaks off, nothing is left behind. */
  source: Readable;
}

/** Takes recordings in: in one piece through `receive`, in parts (tus) through `begin` and `append`. */
@Injectable()
export class Uploads {
  constructor(
    private readonly rows: StoredObjectRepository,
    private readonly store: ObjectStore,
    private readonly leases: UploadLeases,
    private readonly completion: UploadCompletion,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /** One receiver for the whole process, registered at start. */
  onComplete(receiver: CompletionReceiver): void {
    this.completion.register(receiver);
  }

  /**
   * Takes a whole file. Rejects with the problems upload-empty, upload-too-large, audio-unreadable, storage-full,
   * request-invalid (the source broke off) or whatever the receiver refused it with; then nothing is left of it.
   */
  async receive(input: UploadInput): Promise<{ id: string }> {
    const id = randomUUID();
    const lease = this.leases.of(id);
    const limited = new ByteLimit(this.config.maxUploadBytes, new ProblemError('upload-too-large'));
    pipeline(input.source, limited, () => undefined); // a failure reaches the reader of `limited`
    try {
      await this.store.requireRoom(0);
      await this.insert(id, input.ownerId, null, input, lease);
      lease.keep({ wanted: () => undefined, lost: () => limited.destroy(new Error('The lease was lost')) });
      const size = await this.takeAll(id, limited);
      await this.completion.finish(id, size);
      return { id };
    } catch (error) {
      throw problemOf(error);
    } finally {
      limited.destroy();
      await lease.release();
    }
  }

  /** Begins a resumable upload, held by `lease`. Names are cleaned here. */
  async begin(input: { id: string; ownerId: string; lengthBytes: number; metadata: ObjectMetadata }, lease: UploadLease): Promise<void> {
    this.requireLength(input.lengthBytes);
    await this.store.requireRoom(input.lengthBytes);
    await this.insert(input.id, input.ownerId, input.lengthBytes, input.metadata, lease);
  }

  /** The upload if it is `ownerId`'s own; a missing one and somebody else's look the same. */
  async findOwned(id: string, ownerId: string): Promise<(ObjectRow & { offset: number }) | null> {
    const row = await this.rows.find(id);
    if (!row || row.ownerId !== ownerId || row.lengthBytes === null) return null;
    return { ...row, offset: row.state === 'stored' ? row.lengthBytes : ((await this.store.size(id)) ?? 0) };
  }

  /** Adds a part and answers the new size. With the last byte the upload is finished, and refused if it is not audio. */
  async append(id: string, offset: number, source: Readable): Promise<number> {
    const row = await this.rows.find(id);
    if (row?.lengthBytes === undefined || row.lengthBytes === null) throw new ProblemError('not-found');
    if (row.state === 'stored') {
      await this.completion.finish(id, row.lengthBytes);
      return row.lengthBytes;
    }
    const { size, failure } = await this.store.append(id, offset, source).then(
      (appended) => ({ size: appended, failure: null }),
      async (error: unknown) => ({ size: (await this.store.size(id)) ?? 0, failure: { error } }),
    );
    await this.rows.noteReceived(id, size);
    // Also after a failure: a connection that breaks right behind the last byte has brought everything.
    if (size === row.lengthBytes) await this.completion.finish(id, size);
    else if (failure) throw failure.error;
    return size;
  }

  /** Gives an unfinished upload up. */
  async terminate(id: string): Promise<void> {
    await this.completion.destroy(id);
  }

  private requireLength(bytes: number): void {
    if (bytes === 0) throw new ProblemError('upload-empty');
    if (bytes > this.config.maxUploadBytes) throw new ProblemError('upload-too-large');
  }

  private async insert(id: string, ownerId: string, lengthBytes: number | null, said: ObjectMetadata, lease: UploadLease): Promise<void> {
    const { fileName, title, mediaType } = said;
    const wrappedKey = createWrappedKey(this.config.masterKey, id);
    const metadata = cleanMetadata({ fileName, title, mediaType });
    await this.rows.insert({ id, ownerId, lengthBytes, metadata, wrappedKey, leaseHolder: lease.holder });
  }

  private async takeAll(id: string, source: Readable): Promise<number> {
    try {
      const size = await this.store.append(id, 0, source);
      if (size === 0) throw new ProblemError('upload-empty');
      return size;
    } catch (error) {
      await this.completion.destroy(id);
      // Neither ours nor the disk's: the source broke off.
      throw source.errored === error && !(error instanceof ProblemError) ? new ProblemError('request-invalid', 'The upload broke off.') : error;
    }
  }
}
