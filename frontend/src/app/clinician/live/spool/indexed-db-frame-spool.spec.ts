import { IndexedDbFrameSpool } from './indexed-db-frame-spool';
import type { LiveDatabase } from './live-database';

const FRAME = 3_200;
type Key = [string, number];

/** Rows by key, as the browser's storage; the real one is tried by the browser tests. */
class Rows {
  readonly kept = new Map<string, { sessionId: string; block: number }>();
  full = false;
  readonly database = { read: (_: string, work: (store: unknown) => unknown) => this.run(work), write: (_: string, work: (store: unknown) => unknown) => this.run(work) } as unknown as LiveDatabase;

  private async run(work: (store: unknown) => unknown): Promise<unknown> {
    if (this.full) throw new DOMException('No room', 'QuotaExceededError');
    return work({
      get: ([id, block]: Key) => this.kept.get(`${id}/${block}`),
      put: (row: { sessionId: string; block: number }) => this.kept.set(`${row.sessionId}/${row.block}`, row),
      getAllKeys: () => [...this.kept.values()].map(({ sessionId, block }): Key => [sessionId, block]).sort((a, b) => a[1] - b[1]),
      delete: ({ until }: { until: Key }) => [...this.kept].forEach(([key, { block }]) => block < until[1] && this.kept.delete(key)),
    });
  }
}

/** Frames whose bytes all hold their number. */
const frames = (first: number, count: number): Uint8Array => {
  const bytes = new Uint8Array(count * FRAME);
  for (let index = 0; index < count; index += 1) bytes.fill(first + index, index * FRAME, (index + 1) * FRAME);
  return bytes;
};
const numbers = (bytes: Uint8Array): number[] => Array.from({ length: bytes.length / FRAME }, (_, index) => bytes[index * FRAME]!);

describe('IndexedDbFrameSpool', () => {
  let rows: Rows;
  const open = (): Promise<IndexedDbFrameSpool> => IndexedDbFrameSpool.open(rows.database, 'session', 1);

  beforeEach(() => {
    rows = new Rows();
    Object.assign(globalThis, { IDBKeyRange: { bound: (_from: Key, until: Key) => ({ until }) } });
  });

  it('gives back what it was given, over the borders of its records', async () => {
    const spool = await open();
    await spool.append(0, frames(0, 7));
    await spool.append(7, frames(7, 8));
    expect(spool.next).toBe(15);
    expect(numbers(await spool.read(5, 8))).toEqual([5, 6, 7, 8, 9, 10, 11, 12]);
    expect(numbers(await spool.read(13, 8))).toEqual([13, 14]);
  });

  it('goes on after a reload, frame by frame, within a record too', async () => {
    const before = await open();
    for (let frame = 1; frame <= 13; frame += 1) await before.append(frame - 1, frames(frame, 1));
    const after = await open();
    expect(after.next).toBe(13);
    await after.append(13, frames(14, 1));
    expect(numbers(await (await open()).read(0, 20))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
  });

  it('forgets what is stored, and still knows where it goes on', async () => {
    const spool = await open();
    await spool.append(0, frames(1, 30));
    await spool.forgetBefore(30);
    expect(rows.kept.size).toBe(1);
    expect((await open()).next).toBe(30);
    expect(numbers(await spool.read(15, 2))).toEqual([0, 0]);
  });

  it('holds no more of a long session in memory than the sender needs', async () => {
    const spool = await open();
    for (let second = 0; second < 60; second += 1) await spool.append(second * 10, frames(second, 10));
    const { recent } = spool as unknown as { recent: Map<number, unknown> };
    expect(recent.size).toBeLessThanOrEqual(31);
    expect(numbers(await spool.read(0, 3))).toEqual([0, 1, 2]);
  });

  it('makes silence of what is off the record, in the storage too', async () => {
    const spool = await open();
    await spool.append(0, frames(1, 25));
    await spool.silence(8, 21);
    const silenced = [1, 2, 3, 4, 5, 6, 7, 8, ...new Array<number>(13).fill(0), 22, 23, 24, 25];
    expect(numbers(await spool.read(0, 25))).toEqual(silenced);
    expect(numbers(await (await open()).read(0, 25))).toEqual(silenced);
  });

  it('begins anew where the session went on elsewhere', async () => {
    const spool = await open();
    await spool.append(0, frames(1, 25));
    await spool.append(47, frames(5, 2));
    expect(spool.next).toBe(49);
    expect(numbers(await spool.read(46, 3))).toEqual([0, 5, 6]);
    const again = await open();
    expect(again.next).toBe(49);
    expect(numbers(await again.read(0, 3))).toEqual([0, 0, 0]);
  });

  it('changes nothing when there is no room, so that the same can be tried again', async () => {
    const spool = await open();
    await spool.append(0, frames(1, 3));
    rows.full = true;
    await expect(spool.append(3, frames(4, 1))).rejects.toThrow('No room');
    expect(spool.next).toBe(3);
    rows.full = false;
    await spool.append(3, frames(4, 1));
    expect(numbers(await (await open()).read(0, 9))).toEqual([1, 2, 3, 4]);
  });

  it('keeps everything in memory where the browser keeps nothing', async () => {
    const spool = await IndexedDbFrameSpool.open(null, 'session', 1);
    for (let second = 0; second < 60; second += 1) await spool.append(second * 10, frames(second, 10));
    expect(spool.lasting).toBe(false);
    expect(numbers(await spool.read(0, 2))).toEqual([0, 1]);
    await spool.forgetBefore(590);
    expect(spool.next).toBe(600);
  });
});
