import { Injectable } from '@angular/core';

const DATABASE = 'auscult-uploads';
const STORE = 'uploads';
/** A larger file is not copied into the browser's storage; after a reload the person is asked for it. */
const MAX_KEPT_BYTES = 1_000_000_000;
/** Older ones are forgotten: the server gives up its half of them too. */
const MAX_AGE_MS = 7 * 24 * 3600 * 1000;

/** An upload that is not finished, as it survives a reload. */
export interface ShelvedUpload {
  id: string;
  /** Whose it is: another person on this browser neither sees nor sends it. */
  userId: string;
  name: string;
  sizeBytes: number;
  type: string;
  lastModified: number;
  /** The upload's address on the server; null before it was made. */
  url: string | null;
  /** The server may have all of it; only its answer is missing. */
  sentWhole?: boolean;
  /** The file itself, where the browser could keep a copy. */
  file: File | null;
  addedAt: number;
}

/**
 * Unfinished uploads in IndexedDB. A browser that refuses storage (private windows) has an empty shelf: uploads work, they only
 * do not survive a reload. What is finished, given up or left by sign-out is removed at once: it is a copy of a session.
 */
@Injectable({ providedIn: 'root' })
export class UploadShelf {
  private opened: Promise<IDBDatabase | null> | null = null;

  async of(userId: string): Promise<ShelvedUpload[]> {
    const all = (await this.run<ShelvedUpload[]>('readonly', (store) => store.getAll() as IDBRequest<ShelvedUpload[]>)) ?? [];
    const expired = all.filter((upload) => Date.now() - upload.addedAt > MAX_AGE_MS);
    await Promise.all(expired.map((upload) => this.remove(upload.id)));
    return all.filter((upload) => upload.userId === userId && !expired.includes(upload)).sort((a, b) => a.addedAt - b.addedAt);
  }

  /** Keeps what is known about the upload, then a copy of the file where there is room for one. */
  async put(upload: ShelvedUpload): Promise<void> {
    await this.run('readwrite', (store) => store.put({ ...upload, file: null }));
    if (upload.file !== null && (await hasRoomFor(upload.sizeBytes))) await this.run('readwrite', (store) => store.put(upload));
  }

  setUrl(id: string, url: string | null): Promise<void> {
    return this.change(id, { url });
  }

  setSentWhole(id: string, sentWhole: boolean): Promise<void> {
    return this.change(id, { sentWhole });
  }

  async remove(id: string): Promise<void> {
    await this.run('readwrite', (store) => store.delete(id));
  }

  /** In one transaction: between two, the copy of the file may come, and would be overwritten with none. */
  private async change(id: string, change: Partial<ShelvedUpload>): Promise<void> {
    await this.run('readwrite', (store) => {
      const read = store.get(id) as IDBRequest<ShelvedUpload | undefined>;
      read.onsuccess = () => {
        if (read.result) store.put({ ...read.result, ...change });
      };
      return read;
    });
  }

  private async run<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T> | IDBRequest): Promise<T | null> {
    this.opened ??= open();
    const database = await this.opened;
    if (database === null) return null;
    return new Promise((resolve) => {
      const transaction = database.transaction(STORE, mode);
      const request = work(transaction.objectStore(STORE)) as IDBRequest<T>;
      transaction.oncomplete = () => resolve(request.result);
      // Full, or closed by the browser: the upload goes on without its copy.
      transaction.onerror = () => resolve(null);
      transaction.onabort = () => resolve(null);
    });
  }
}

function open(): Promise<IDBDatabase | null> {
  return new Promise((resolve) => {
    if (typeof indexedDB === 'undefined') return resolve(null);
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => void request.result.createObjectStore(STORE, { keyPath: 'id' });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => resolve(null);
    request.onblocked = () => resolve(null);
  });
}

async function hasRoomFor(bytes: number): Promise<boolean> {
  if (bytes > MAX_KEPT_BYTES) return false;
  const storage = (globalThis.navigator as Partial<Navigator>).storage;
  if (!storage) return true;
  const { quota = 0, usage = 0 } = await storage.estimate();
  return quota - usage > bytes * 1.2;
}
