import { BLOCKS, LiveDatabase } from './live-database';

type Step = 'gone' | 'lost' | 'full';

/** Storage whose connections a spec takes away; each holds what the ones before it held. */
class FakeStorage {
  readonly rows = new Map<string, string>();
  readonly connections: FakeConnection[] = [];
  refuses = false;
  open(): object {
    const request = { result: new FakeConnection(this), error: new DOMException('No', 'UnknownError'), onsuccess: () => undefined, onerror: () => undefined };
    queueMicrotask(() => {
      if (this.refuses) return request.onerror();
      this.connections.push(request.result);
      request.onsuccess();
    });
    return request;
  }
}
class FakeConnection {
  next: Step | null = null;
  onclose: (() => void) | null = null;
  onversionchange: (() => void) | null = null;
  closed = 0;
  constructor(private readonly storage: FakeStorage) {}
  close(): void {
    this.closed += 1;
  }
  transaction(): object {
    if (this.next === 'gone' || this.closed > 0) throw new DOMException('The connection is closing', 'InvalidStateError');
    const { next } = this;
    const { rows } = this.storage;
    const store = {
      put: ({ key, value }: { key: string; value: string }) => next === null && rows.set(key, value),
      get: (key: string) => ({ result: rows.get(key) }),
    };
    const error = new DOMException('What happened', next === 'lost' ? 'UnknownError' : 'QuotaExceededError');
    const transaction = { error, objectStore: () => store, oncomplete: () => undefined, onabort: () => undefined };
    queueMicrotask(() => (next === null ? transaction.oncomplete() : transaction.onabort()));
    return transaction;
  }
}

describe('LiveDatabase', () => {
  let storage: FakeStorage;
  let database: LiveDatabase;
  const put = (key: string, value: string) => database.write(BLOCKS, (store) => void store.put({ key, value }));
  const get = (key: string) => database.read<string>(BLOCKS, (store) => store.get(key) as IDBRequest<string>);

  beforeEach(async () => {
    storage = new FakeStorage();
    Object.assign(globalThis, { indexedDB: storage });
    database = (await LiveDatabase.open())!;
    await put('a', 'one');
  });
  afterEach(() => Reflect.deleteProperty(globalThis, 'indexedDB'));

  for (const step of ['gone', 'lost'] as const) {
    it(`opens another connection when the browser has closed the one it had, and does the work there (${step})`, async () => {
      storage.connections[0]!.next = step;
      await Promise.all([put('b', 'two'), put('c', 'three')]);
      expect(await Promise.all([get('a'), get('b'), get('c')])).toEqual(['one', 'two', 'three']);
      expect(storage.connections).toHaveLength(2);
    });
  }

  it('opens another one after it was told that its own is closed, and lets go of one that another tab wants to change', async () => {
    storage.connections[0]!.onclose?.();
    expect(await get('a')).toBe('one');
    storage.connections[1]!.onversionchange?.();
    expect(storage.connections[1]!.closed).toBeGreaterThan(0);
    expect(await get('a')).toBe('one');
    expect(storage.connections).toHaveLength(3);
  });

  it('says what is wrong when it is not the connection, or no other one can be had, and tries again with the next work', async () => {
    storage.connections[0]!.next = 'full';
    await expect(put('b', 'two')).rejects.toMatchObject({ name: 'QuotaExceededError' });
    storage.connections[0]!.next = 'gone';
    storage.refuses = true;
    await expect(put('b', 'two')).rejects.toMatchObject({ name: 'UnknownError' });
    storage.refuses = false;
    await put('b', 'two');
    expect(await get('b')).toBe('two');
  });
});
