const DATABASE = 'auscult-live';
export const SESSIONS = 'sessions';
export const BLOCKS = 'blocks';
export const COMMANDS = 'commands';

/** The connection went away, not what was stored: browsers close it in the background, for want of memory, or when their own storage process dies. */
const LOST_CONNECTION: ReadonlySet<string> = new Set(['InvalidStateError', 'UnknownError']);

/** The browser's own storage for sessions that are not stored on the server yet. A browser that refuses it (private windows) has none. */
export class LiveDatabase {
  /** Null after a connection was lost: the next use opens another. */
  private connection: Promise<IDBDatabase> | null;

  private constructor(database: IDBDatabase) {
    this.connection = Promise.resolve(database);
    this.heed(database);
  }

  /** Null where the browser keeps nothing. */
  static open(): Promise<LiveDatabase | null> {
    return connect().then((database) => new LiveDatabase(database), () => null);
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

  private async run<T>(...work: Work<T>): Promise<T> {
    const connection = this.connected();
    try {
      return await transact(await connection, ...work);
    } catch (error) {
      if (!(error instanceof DOMException) || !LOST_CONNECTION.has(error.name)) throw error;
      if (this.connection === connection) this.lose();
      // What is done here may be done twice.
      return transact(await this.connected(), ...work);
    }
  }

  private connected(): Promise<IDBDatabase> {
    if (this.connection) return this.connection;
    const opening = connect();
    this.connection = opening;
    opening.then(
      (database) => this.heed(database),
      () => this.connection === opening && (this.connection = null),
    );
    return opening;
  }

  private heed(database: IDBDatabase): void {
    const mine = this.connection;
    const lost = (): void => {
      if (this.connection === mine) this.lose();
    };
    database.onclose = lost;
    // Another tab deletes or changes it and waits for this one.
    database.onversionchange = () => (database.close(), lost());
  }

  private lose(): void {
    this.connection?.then((database) => database.close(), () => undefined);
    this.connection = null;
  }
}

type Work<T> = [store: string, mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T> | null];

function connect(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    if (typeof indexedDB === 'undefined') return reject(new Error('The browser has no storage'));
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(SESSIONS, { keyPath: 'id' });
      request.result.createObjectStore(COMMANDS, { keyPath: 'sessionId' });
      request.result.createObjectStore(BLOCKS, { keyPath: ['sessionId', 'block'] });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('The browser refuses its storage'));
    request.onblocked = () => reject(new Error('Another tab holds the storage'));
  });
}

function transact<T>(database: IDBDatabase, ...[name, mode, work]: Work<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(name, mode);
    const request = work(transaction.objectStore(name));
    transaction.oncomplete = () => resolve(request?.result as T);
    transaction.onerror = ({ target }) => reject((target as IDBRequest | null)?.error ?? failureOf(transaction));
    transaction.onabort = () => reject(failureOf(transaction));
  });
}

function failureOf(transaction: IDBTransaction): Error {
  return transaction.error ?? new Error('The browser gave up a write to its storage');
}
