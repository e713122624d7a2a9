import { IndexedDbFrameSpool } from './indexed-db-frame-spool';
import type { LiveDatabase } from './live-database';

const FRAME = 3_200;
type Key = [string, number];

/** Rows by key, as the browser's storage; the real one is tried by the browser tests. */
class Rows {
  readonly kept = new Map<string, { sessionId: string; block: number }>();
  /** Nothing can be done with it. */
  full = false;
  /** Rows can be removed but not put. */
  noPuts = false;
  readonly database = { read: (_: string, work: (store: unknown) => unknown) => this.run(work), write: (_: string, work: (store: unknown) => unknown) => this.run(work) } as unknown as LiveDatabase;

  private async run(work: (store: unknown) => unknown): Promise<unknown> {
    if (this.full) throw new DOMException('No room', 'QuotaExceededError');
    return work({
      get: ([id, block]: Key) => this.kept.get(`${id}/${block}`),
      put: (row: { sessionId: string; block: number }) => {
        if (this.noPuts) throw new DOMException('No room', 'QuotaExceededError');
        this.kept.set(`${row.sessionId}/${row.block}`, row);
      },
      getAllKeys: () => [...this.kept.values()].map(({ sessionId, block }): Key => [sessionId, block]).sort((a, b) => a[1] - b[1]),
      delete: (which: { until: Key } | Key) => {
        if (Array.isArray(which)) return this.kept.delete(`${which[0]}/${which[1]}`);
        return [...this.kept].forEach(([key, { block }]) => block < which.until[1] && this.kept.delete(key));
      },
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
    expect([spool.first, again.first]).toEqual([47, 47]);
    expect(again.next).toBe(49);
    expect(numbers(await again.read(0, 3))).toEqual([0, 0, 0]);
  });

  it('begins anew where it ended, too, if it is told so', async () => {
    const spool = await open();
    await spool.append(0, frames(1, 25));
    await spool.append(25, frames(5, 2), true);
    expect([spool.first, spool.next]).toEqual([25, 27]);
    expect(numbers(await spool.read(23, 4))).toEqual([0, 0, 5, 6]);
    const again = await open();
    expect([again.first, again.next]).toEqual([25, 27]);
  });

  it.each([false, true])('begins anew without a frame, and what comes then has its place (after a reload: %s)', async (reloaded) => {
    const before = await open();
    await before.append(0, frames(1, 12));
    await before.append(15, new Uint8Array(0), true);
    const spool = reloaded ? await open() : before;
    expect([spool.first, spool.next]).toEqual([15, 15]);
    await spool.append(15, frames(7, 2));
    expect(numbers(await spool.read(10, 7))).toEqual([0, 0, 0, 0, 0, 7, 8]);
    const after = await open();
    expect([after.first, after.next]).toEqual([15, 17]);
  });

  it('removes nothing from the storage by numbers that only memory has', async () => {
    const spool = await open();
    await spool.append(0, frames(1, 60));
    rows.noPuts = true;
    await spool.append(30, frames(11, 50), true);
    await spool.forgetBefore(55);
    const before = await open();
    expect([before.first, before.next, numbers(await before.read(10, 50))]).toEqual([0, 60, numbers(frames(11, 50))]);
    rows.noPuts = false;
    await spool.append(80, frames(61, 10));
    const after = await open();
    expect([after.first, after.next, numbers(await after.read(50, 40))]).toEqual([50, 90, numbers(frames(31, 40))]);
  });

  it('never leaves old and new numbers side by side, however much has moved without room', async () => {
    const spool = await open();
    await spool.append(0, frames(0, 250));
    rows.noPuts = true;
    await spool.append(50, frames(0, 250), true);
    rows.noPuts = false;
    // The next second, and the one after which it is tried.
    await spool.append(300, frames(0, 10));
    const expected = [...numbers(frames(0, 250)), ...numbers(frames(0, 10))];
    const after = await open();
    expect([after.first, after.next, numbers(await after.read(50, 260))]).toEqual([50, 310, expected]);
  });

  it('keeps in the storage what it held before until there is room for what comes instead', async () => {
    const spool = await open();
    await spool.append(0, frames(1, 25));
    rows.full = true;
    await spool.append(47, frames(5, 2));
    expect([spool.first, numbers(await spool.read(46, 3))]).toEqual([47, [0, 5, 6]]);
    rows.full = false;
    expect([...rows.kept.keys()]).toEqual(['session/0', 'session/1', 'session/2']);
    await spool.append(49, frames(7, 2));
    expect([[...rows.kept.keys()], spool.keeps()]).toEqual([['session/4', 'session/5'], 'all']);
  });

  it('loses what it held before and keeps what comes instead in one step', async () => {
    const spool = await open();
    await spool.append(0, frames(1, 25));
    const writes: string[][] = [];
    const { write } = rows.database;
    rows.database.write = (store, work) => write(store, work).then(() => void writes.push([...rows.kept.keys()]));
    await spool.append(31, frames(5, 2));
    expect(writes[0]).toEqual(['session/3']);
    await spool.append(33, frames(7, 8));
    await spool.forgetBefore(41);
    expect(spool.first).toBe(40);
  });

  it('holds in memory what there is no room for, to be sent all the same, and writes it when there is room again', async () => {
    const spool = await open();
    const seconds = (count: number): number[] => Array.from({ length: count * 10 }, (_, frame) => 4 + (frame % 10));
    await spool.append(0, frames(1, 3));
    rows.full = true;
    for (let second = 0; second < 60; second += 1) await spool.append(3 + second * 10, frames(4, 10));
    expect(spool.keeps()).toBe('no-room');
    expect(numbers(await spool.read(2, 602))).toEqual([3, ...seconds(60)]);
    rows.full = false;
    for (let second = 60; second < 65; second += 1) await spool.append(3 + second * 10, frames(4, 10));
    expect(spool.keeps()).toBe('all');
    expect(numbers(await (await open()).read(0, 653))).toEqual([1, 2, 3, ...seconds(65)]);
  });

  it('goes on without room when the server has stored what it held', async () => {
    const spool = await open();
    rows.full = true;
    await spool.append(0, frames(1, 30));
    await spool.forgetBefore(25);
    rows.full = false;
    await spool.append(30, frames(2, 10));
    expect([spool.keeps(), spool.next, rows.kept.size]).toEqual(['all', 40, 2]);
  });

  it('leaves no sound in the storage that is off the record, even where its silence finds no room', async () => {
    const spool = await open();
    await spool.append(0, frames(1, 25));
    rows.noPuts = true;
    await spool.silence(8, 21);
    expect([...rows.kept.keys()]).toEqual([]);
    expect(numbers(await spool.read(6, 17))).toEqual([7, 8, ...new Array<number>(13).fill(0), 22, 23]);
    rows.full = true;
    await expect(spool.silence(0, 5)).rejects.toThrow('No room');
  });

  it.each([true, false])('leaves no sound in the storage that is off the record, even where it goes by other numbers in memory (room again: %s)', async (isRoom) => {
    const spool = await open();
    await spool.append(0, frames(1, 60));
    rows.noPuts = true;
    await spool.append(30, frames(11, 50), true);
    rows.noPuts = !isRoom;
    await spool.silence(30, 60);
    expect([rows.kept.size, spool.keeps()]).toEqual(isRoom ? [5, 'all'] : [0, 'no-room']);
    rows.noPuts = false;
    await spool.append(80, frames(61, 10));
    const after = await open();
    expect([after.first, after.next, spool.keeps()]).toEqual([30, 90, 'all']);
    expect(numbers(await after.read(30, 60))).toEqual([...new Array<number>(30).fill(0), ...numbers(frames(41, 30))]);
  });

  it('keeps everything in memory where the browser keeps nothing', async () => {
    const spool = await IndexedDbFrameSpool.open(null, 'session', 1);
    for (let second = 0; second < 60; second += 1) await spool.append(second * 10, frames(second, 10));
    expect(spool.keeps()).toBe('nothing');
    expect(numbers(await spool.read(0, 2))).toEqual([0, 1]);
    await spool.forgetBefore(590);
    expect(spool.next).toBe(600);
  });
});
