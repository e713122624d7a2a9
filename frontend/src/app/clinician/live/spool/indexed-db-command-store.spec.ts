import type { LiveCommand } from '@auscult/client';
import { IndexedDbCommandStore } from './indexed-db-command-store';
import type { LiveDatabase } from './live-database';

/** One row, as the browser's storage; the real one is tried by the browser tests. */
class Row {
  kept: { sessionId: string } | undefined;
  full = false;
  readonly database = { read: (_: string, work: (store: unknown) => unknown) => this.run(work), write: (_: string, work: (store: unknown) => unknown) => this.run(work) } as unknown as LiveDatabase;

  private async run(work: (store: unknown) => unknown): Promise<unknown> {
    return work({
      get: (id: string) => (this.kept?.sessionId === id ? this.kept : undefined),
      put: (row: { sessionId: string }) => {
        if (this.full) throw new DOMException('No room', 'QuotaExceededError');
        this.kept = row;
      },
    });
  }
}

const finish: LiveCommand = { kind: 'finish', frames: 10 };
const forget: LiveCommand = { kind: 'forget', forget: { markerId: crypto.randomUUID(), minutes: 1, until: 10 } };

describe('IndexedDbCommandStore', () => {
  it('gives to the next page what was saved last', async () => {
    const row = new Row();
    const store = new IndexedDbCommandStore(row.database, 'session');
    expect(await store.load()).toEqual([]);
    await store.save([forget]);
    await store.save([forget, finish], [{ from: 10, to: 30 }]);
    const next = new IndexedDbCommandStore(row.database, 'session');
    expect([await next.load(), await next.moves()]).toEqual([[forget, finish], [{ from: 10, to: 30 }]]);
    expect(await new IndexedDbCommandStore(row.database, 'another').load()).toEqual([]);
  });

  it('gives what was saved before moves were', async () => {
    const row = new Row();
    row.kept = { sessionId: 'session', commands: [forget] } as Row['kept'];
    const store = new IndexedDbCommandStore(row.database, 'session');
    expect([await store.load(), await store.moves()]).toEqual([[forget], []]);
  });

  it('gives to whoever goes on in this page what found no room', async () => {
    const row = new Row();
    const store = new IndexedDbCommandStore(row.database, 'session');
    await store.save([finish]);
    row.full = true;
    await expect(store.save([forget])).rejects.toThrow('No room');
    expect(await store.load()).toEqual([forget]);
    expect(await new IndexedDbCommandStore(row.database, 'session').load()).toEqual([finish]);
  });

  it('gives it where the browser keeps nothing', async () => {
    const store = new IndexedDbCommandStore(null, 'session');
    expect(await store.load()).toEqual([]);
    await store.save([forget]);
    expect(await store.load()).toEqual([forget]);
  });
});
