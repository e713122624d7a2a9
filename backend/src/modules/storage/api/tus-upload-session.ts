import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { UploadMetadata } from '@auscult/contracts';
import { DataStore, type Lock, type Locker, type RequestRelease, Upload } from '@tus/server';
import { ProblemError } from '../../../platform/http/index.js';
import { ByteLimit } from '../byte-limit.js';
import { WriterReplacedError, isObjectId } from '../object-store.js';
import { UPLOAD_KEPT_HOURS } from '../stored-object.repository.js';
import type { UploadLease, UploadLeases } from '../upload-lease.js';
import type { Uploads } from '../uploads.js';

const KEPT_MS = UPLOAD_KEPT_HOURS * 3_600_000;

/**
 * One tus request of one person, as @tus/server sees storage: data store and locker at once. Made anew for each request, so
 * that the person and the lease need not be looked up in anything shared. Only the person's own uploads exist for it.
 */
export class TusUploadSession extends DataStore implements Locker {
  override extensions = ['creation', 'creation-with-upload', 'termination', 'expiration'];
  /** The upload that this request creates; it has no row to lock yet. */
  readonly newId = randomUUID();
  /** Why storage refused, kept because @tus/server may report the broken stream instead. */
  failure: unknown = null;
  private readonly held = new Map<string, UploadLease>();
  private writing: Promise<unknown> = Promise.resolve();
  private lengthBytes = 0;
  private body: ByteLimit | null = null;

  constructor(
    private readonly uploads: Uploads,
    private readonly leases: UploadLeases,
    private readonly ownerId: string,
    private readonly request: Readable,
  ) {
    super();
  }

  override getExpiration(): number {
    return KEPT_MS;
  }

  override async create(upload: Upload): Promise<Upload> {
    const said = upload.metadata ?? {};
    const metadata = { fileName: said.filename, title: said.title, mediaType: said.filetype };
    await this.kept(this.uploads.begin({ id: upload.id, ownerId: this.ownerId, lengthBytes: upload.size ?? 0, metadata }, this.lease(upload.id)));
    this.lease(upload.id).keep({ wanted: () => undefined, lost: () => this.lose() });
    this.lengthBytes = upload.size ?? 0;
    return upload;
  }

  override async getUpload(id: string): Promise<Upload> {
    const row = isObjectId(id) ? await this.uploads.findOwned(id, this.ownerId) : null;
    if (!row) throw new ProblemError('not-found');
    this.lengthBytes = row.lengthBytes ?? 0;
    const { fileName, title, mediaType } = row.metadata;
    const said = Object.entries({ filename: fileName, filetype: mediaType, title }).flatMap(([key, value]) => (value ? [[key, value] as const] : []));
    return new Upload({
      id,
      size: row.lengthBytes ?? 0,
      offset: row.offset,
      ...(said.length > 0 ? { metadata: Object.fromEntries(said) } : {}),
      // The library counts expiry from creation; ours moves on with each part that arrives.
      creation_date: new Date((row.expiresAt?.getTime() ?? Date.now() + KEPT_MS) - KEPT_MS).toISOString(),
    });
  }

  /**
   * Reads the request itself and not the stream that @tus/server offers: that one has been through web streams and back, which
   * cost a third of the api's processor time for an upload (500 MB in one request: 4.5 s with it, 3.2 s without).
   */
  override async write(offered: Readable, id: string, offset: number): Promise<number> {
    offered.resume();
    const appending = this.kept(this.uploads.append(id, offset, this.openBody(this.lengthBytes - offset)));
    this.writing = appending.catch(() => undefined); // reported by the promise below
    return appending;
  }

  override async remove(id: string): Promise<void> {
    await this.kept(this.uploads.terminate(id));
  }

  newLock(id: string): Lock {
    return {
      lock: (signal, requestRelease) => this.kept(this.lock(id, signal, requestRelease)),
      // The pipeline of @tus/server rejects while the last bytes are still being written; nobody else may begin before.
      unlock: async () => {
        await this.writing;
        await this.lease(id).release();
      },
    };
  }

  private async lock(id: string, signal: AbortSignal, requestRelease: RequestRelease): Promise<void> {
    signal.addEventListener('abort', () => this.endBody());
    if (id === this.newId) return;
    await this.getUpload(id);
    await this.lease(id).acquire(signal, { wanted: () => void requestRelease(), lost: () => this.lose() });
  }

  /** The bytes of the request in a stream of its own, so that the connection can still take an answer when this one is destroyed. */
  private openBody(limit: number): Readable {
    const body = new ByteLimit(limit, new ProblemError('request-invalid', 'There are more bytes than Upload-Length said.'));
    body.on('error', () => this.request.unpipe(body)); // reported by whoever reads it
    this.request.on('error', () => this.endBody());
    this.request.pipe(body);
    this.body = body;
    return body;
  }

  /** The client has gone or somebody else goes on with the upload: what has arrived counts. */
  private endBody(): void {
    if (!this.body || this.body.destroyed) return;
    this.request.unpipe(this.body);
    this.body.end();
  }

  private lose(): void {
    this.body?.destroy(new WriterReplacedError());
  }

  private lease(id: string): UploadLease {
    const lease = this.held.get(id) ?? this.leases.of(id);
    this.held.set(id, lease);
    return lease;
  }

  private async kept<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      this.failure ??= error;
      throw error;
    }
  }
}

/** The metadata of a new upload by the contract. Keys that we do not know are dropped; a key without a value counts as absent. */
export function parseUploadMetadata(said: Upload['metadata']): UploadMetadata {
  const given = Object.fromEntries(Object.entries(said ?? {}).filter(([, value]) => value !== null && value !== ''));
  const parsed = UploadMetadata.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new ProblemError('request-invalid', undefined, parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })));
}
