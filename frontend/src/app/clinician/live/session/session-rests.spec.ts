import { TestBed } from '@angular/core/testing';
import type { LiveCommand } from '@auscult/client';
import { IndexedDbFrameSpool } from '../spool/indexed-db-frame-spool';
import type { LiveDatabase } from '../spool/live-database';
import { SessionShelf, type KeptSession } from '../spool/session-shelf';
import { SessionRests } from './session-rests';

const FRAME = 3_200;
const START = new Date(2026, 10, 30, 14, 5).getTime();
const kept: KeptSession = { id: 'ended', userId: 'ann', source: 'room', channelCount: 1, startedAt: START, finishing: false, sender: 'device', known: true, heardAt: START };
const markAt = (atMs: number): LiveCommand => ({ kind: 'mark', mark: { markerId: `at ${atMs}`, kind: 'marker', atMs } });
const forgetUntil = (until: number): LiveCommand => ({ kind: 'forget', forget: { markerId: `until ${until}`, minutes: 1, until } });

/** Frames whose bytes all hold their number, modulo 251. */
const frames = (first: number, count: number): Uint8Array => {
  const bytes = new Uint8Array(count * FRAME);
  for (let index = 0; index < count; index += 1) bytes.fill((first + index) % 251, index * FRAME, (index + 1) * FRAME);
  return bytes;
};

/** A storage that takes nothing. */
const noRoom = {
  read: (_: string, work: (store: unknown) => unknown) => Promise.resolve(work({ getAllKeys: () => [], get: () => undefined })),
  write: () => Promise.reject(new DOMException('No room', 'QuotaExceededError')),
} as unknown as LiveDatabase;

/** What of a shelf survives the browser; its next uses but `left` fail, as when the browser dies there. */
class Shelf {
  readonly sessions = new Map<string, KeptSession>();
  readonly spools = new Map<string, IndexedDbFrameSpool>();
  readonly said = new Map<string, readonly LiveCommand[]>();
  left = Infinity;
  /** There is no room for anything new. */
  full = false;

  async spool({ id }: KeptSession): Promise<IndexedDbFrameSpool> {
    this.use();
    const spool = this.spools.get(id) ?? (await IndexedDbFrameSpool.open(this.full ? noRoom : null, id, 1));
    this.spools.set(id, spool);
    return spool;
  }
  commands({ id }: KeptSession): Promise<unknown> {
    return Promise.resolve({
      load: () => Promise.resolve(this.said.get(id) ?? []),
      save: (commands: readonly LiveCommand[]) => Promise.resolve(this.said.set(id, commands)),
    });
  }
  async put(session: KeptSession): Promise<boolean> {
    if (this.left === 0) return false;
    this.use();
    this.sessions.set(session.id, session);
    return Promise.resolve(true);
  }
  async remove(id: string): Promise<void> {
    this.use();
    this.sessions.delete(id);
    this.said.delete(id);
    this.spools.delete(id);
    return Promise.resolve();
  }

  private use(): void {
    if (this.left === 0) throw new Error('The browser died');
    this.left -= 1;
  }
}

describe('SessionRests', () => {
  let shelf: Shelf;

  beforeAll(() => Object.assign(globalThis, { IDBKeyRange: { bound: () => undefined } }));
  afterAll(() => Reflect.deleteProperty(globalThis, 'IDBKeyRange'));

  beforeEach(async () => {
    shelf = new Shelf();
    TestBed.configureTestingModule({ providers: [{ provide: SessionShelf, useValue: shelf }] });
    shelf.sessions.set('ended', kept);
    shelf.said.set('ended', [markAt(900), forgetUntil(9), markAt(2_000), forgetUntil(1_500), { kind: 'finish', frames: 1_505 }]);
    await (await shelf.spool(kept)).append(0, frames(0, 1_505));
  });

  const separate = async (from: number) => {
    const session = shelf.sessions.get('ended')!;
    return TestBed.inject(SessionRests).separate({ kept: session, spool: await shelf.spool(session), commands: (await shelf.commands(session)) as never }, from);
  };

  it('makes a session of what comes behind the end, with what was said about it, in the place of the ended one', async () => {
    const rest = await separate(11);
    expect(rest.spool.next).toBe(1_494);
    expect(Buffer.compare(await rest.spool.read(0, 1_494), frames(11, 1_494))).toBe(0);
    expect(await rest.commands.load()).toEqual([{ ...markAt(2_000), mark: { markerId: 'at 2000', kind: 'marker', atMs: 900 } }, { ...forgetUntil(1_500), forget: { markerId: 'until 1500', minutes: 1, until: 1_489 } }]);
    const { id, sender } = rest.kept;
    expect(rest.kept).toEqual({ id, userId: 'ann', source: 'room', channelCount: 1, startedAt: START, finishing: true, sender, known: false, title: 'Session of 30 Nov 2026, 14:05, the rest' });
    expect([id, sender]).not.toContain(kept.id);
    expect([...shelf.sessions.values()]).toEqual([rest.kept]);
    expect([...shelf.spools.keys(), ...shelf.said.keys()]).toEqual([id, id]);
  });

  it('takes no silence for what is not kept any more', async () => {
    await (await shelf.spool(kept)).forgetBefore(40);
    const rest = await separate(11);
    expect(Buffer.compare(await rest.spool.read(0, 1_465), frames(40, 1_465))).toBe(0);
    expect(rest.spool.next).toBe(1_465);
  });

  it('leaves the sound where it is while there is no room for it a second time', async () => {
    shelf.full = true;
    const rest = await separate(11);
    expect(rest.spool.keeps()).toBe('no-room');
    expect(Buffer.compare(await rest.spool.read(0, 1_494), frames(11, 1_494))).toBe(0);
    expect([...shelf.sessions.keys()]).toEqual(['ended', rest.kept.id]);
    expect(shelf.spools.get('ended')?.first).toBe(0);
    expect(shelf.said.get('ended')).toHaveLength(5);
    // After a reload.
    shelf.full = false;
    shelf.spools.delete(rest.kept.id);
    const again = await separate(11);
    expect(again.kept).toEqual(rest.kept);
    expect(Buffer.compare(await again.spool.read(0, 1_494), frames(11, 1_494))).toBe(0);
    expect([...shelf.sessions.keys()]).toEqual([rest.kept.id]);
  });

  it('makes the same session again where the browser died meanwhile, at whatever step', async () => {
    for (let steps = 1; ; steps += 1) {
      shelf.left = steps;
      const died = await separate(11).then(() => false, () => true);
      shelf.left = Infinity;
      if (!died) break;
      const { rest } = shelf.sessions.get('ended')!;
      if (rest) expect(await shelf.spool({ ...kept, id: rest.id }).then(({ next }) => next)).toBeLessThanOrEqual(1_494);
    }
    const [[id] = []] = [...shelf.sessions];
    expect([...shelf.sessions.keys(), ...shelf.spools.keys()]).toEqual([id, id]);
    expect(Buffer.compare(await shelf.spools.get(id!)!.read(0, 2_000), frames(11, 1_494))).toBe(0);
  });
});
