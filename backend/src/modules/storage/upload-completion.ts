import { Injectable, Logger } from '@nestjs/common';
import { ProblemError } from '../../platform/http/index.js';
import { SNIFF_BYTES, sniffContent } from './content-sniffer.js';
import { ObjectStore } from './object-store.js';
import { StorageMetrics } from './storage.metrics.js';
import { type ObjectRow, StoredObjectRepository } from './stored-object.repository.js';

/** What is told about an upload that is whole. Names were cleaned; `mediaType` is detected, else as the uploader said. */
export interface CompletedUpload {
  id: string;
  ownerId: string;
  fileName: string | null;
  title: string | null;
  mediaType: string | null;
  sizeBytes: number;
}

/**
 * Takes note of a finished upload. It may be called again with the same id, after a crash, and must then change nothing.
 * A `ProblemError` with a 4xx status refuses the upload: its audio is destroyed. Any other error means "call me again".
 */
export type CompletionReceiver = (upload: CompletedUpload) => Promise<void>;

/** From the last byte to a recording: look at the content, seal the length, hand over. Each step can be repeated. */
@Injectable()
export class UploadCompletion {
  private readonly logger = new Logger('UploadCompletion');
  private receiver: CompletionReceiver | null = null;

  constructor(
    private readonly rows: StoredObjectRepository,
    private readonly store: ObjectStore,
    private readonly metrics: StorageMetrics,
  ) {}

  register(receiver: CompletionReceiver): void {
    if (this.receiver) throw new Error('Finished uploads have a receiver already');
    this.receiver = receiver;
  }

  get hasReceiver(): boolean {
    return this.receiver !== null;
  }

  /** For the holder of the upload's lease only. `sizeBytes` is what the store holds. */
  async finish(id: string, sizeBytes: number): Promise<void> {
    const row = await this.rows.find(id);
    if (!row) throw new ProblemError('not-found');
    if (row.state === 'uploading') row.mediaType = await this.seal(row, sizeBytes);
    if (!row.delivered) await this.deliver(row, sizeBytes);
  }

  /** Takes an upload back without a trace. The key goes first: from then on it does not exist for anybody. */
  async destroy(id: string): Promise<void> {
    await this.rows.markDeleting(id);
    await this.store.delete(id);
    await this.rows.remove(id);
  }

  private async seal(row: ObjectRow, sizeBytes: number): Promise<string | null> {
    const head: Buffer[] = [];
    for await (const part of await this.store.read(row.id, { start: 0, end: SNIFF_BYTES - 1 })) head.push(part as Buffer);
    const content = await sniffContent(Buffer.concat(head));
    if (!content.maybeAudio) {
      await this.refuse(row.id);
      throw new ProblemError('audio-unreadable', 'The file is not an audio or video recording.');
    }
    const mediaType = content.mediaType ?? row.metadata.mediaType ?? null;
    if (!(await this.rows.markStored(row.id, sizeBytes, mediaType))) throw new ProblemError('not-found');
    this.metrics.storedBytes.inc(sizeBytes);
    return mediaType;
  }

  private async deliver(row: ObjectRow, sizeBytes: number): Promise<void> {
    if (!this.receiver) return;
    const { fileName = null, title = null } = row.metadata;
    try {
      await this.receiver({ id: row.id, ownerId: row.ownerId, fileName, title, mediaType: row.mediaType, sizeBytes });
    } catch (error) {
      if (error instanceof ProblemError && error.getStatus() < 500) await this.refuse(row.id);
      throw error;
    }
    await this.rows.markDelivered(row.id);
    this.metrics.uploads.inc({ outcome: 'completed' });
  }

  private async refuse(id: string): Promise<void> {
    this.logger.log({ objectId: id }, 'An upload was refused');
    this.metrics.uploads.inc({ outcome: 'refused' });
    await this.destroy(id);
  }
}
