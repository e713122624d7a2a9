const DATABASE = 'auscult-live';
export const SESSIONS = 'sessions';
export const BLOCKS = 'blocks';
export const COMMANDS = 'commands';

/** The browser's own storage for sessions that are not stored on the server yet. A browser that refuses it (private windows) has none. */
export class LiveDatabase {
  private constructor(private readonly database: IDBDatabase) {}

  /** Null where the browser keeps nothing. */
  static open(): Promise<LiveDatabase | null> {
    return new Promise((resolve) => {
      if (typeof indexedDB === 'undefined') return resolve(null);
      const request = indexedDB.open(DATABASE, 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore(SESSIONS, { keyPath: 'id' });
        request.result.createObjectStore(COMMANDS, { keyPath: 'sessionId' });
        request.result.createObjectStore(BLOCKS, { keyPath: ['sessionId', 'block'] });
      };
      request.onsuccess = () => resolve(new LiveDatabase(request.result));
      request.onerror = () => resolve(null);
      request.onblocked = () => resolve(null);
    });
  }

  /** Answers the result of the request that `work` gives back, once the transaction is complete; rejects when it is not (full, closed). */
  read<T>(store: string, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    return this.run(store, 'readonly', work);
  }

  async write(store: string, work: (store: IDBObjectStore) => void): Promise<void> {
    await this.run(store, 'readwrite', (opened) => {
      work(opened);
      return null;
    });
  }

  private run<T>(name: string, mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T> | null): Promise<T> {
    return new Promise((resolve, reject) => {
      const transaction = this.database.transaction(name, mode);
      const request = work(transaction.objectStore(name));
      transaction.oncomplete = () => resolve(request?.result as T);
      transaction.onerror = () => reject(failureOf(transaction));
      transaction.onabort = () => reject(failureOf(transaction));
    });
  }
}

function failureOf(transaction: IDBTransaction): Error {
  return transaction.error ?? new Error('The browser gave up a write to its storage');
}
