import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Toasts } from '@auscult/ui';
import { Session } from '../../../core/session';
import { TabLocks } from '../../uploads/tab-locks';
import { IndexedDbFrameSpool } from '../spool/indexed-db-frame-spool';
import { SessionShelf, type KeptSession } from '../spool/session-shelf';
import { FakeSender } from '../testing/fake-sender';
import { LIVE_SENDER, LiveSenders } from './live-senders';

/** What was asked for has been done. */
const settled = () => new Promise((resolve) => setTimeout(resolve));

const kept: KeptSession = { id: 'kept', userId: 'ann', source: 'room', channelCount: 1, startedAt: 0, finishing: true, sender: 'this-device', known: false };

describe('LiveSenders', () => {
  const user = signal<{ id: string } | null>({ id: 'ann' });
  let removed: string[];
  let shelved: KeptSession[];
  let onShelf: KeptSession[];
  let released: string[];
  let takeLock: () => Promise<(() => void) | null>;
  let readable: boolean;
  let senders: LiveSenders;

  beforeEach(() => {
    user.set({ id: 'ann' });
    readable = true;
    [removed, shelved, onShelf, released, FakeSender.made] = [[], [], [], [], []];
    takeLock = () => Promise.resolve(() => released.push('lock'));
    TestBed.configureTestingModule({
      providers: [
        { provide: LIVE_SENDER, useValue: (options: ConstructorParameters<typeof FakeSender>[0]) => new FakeSender(options) },
        { provide: TabLocks, useValue: { take: () => takeLock() } },
        { provide: Session, useValue: { user } },
        {
          provide: SessionShelf,
          useValue: {
            of: () => Promise.resolve(onShelf),
            put: (session: KeptSession) => Promise.resolve(shelved.push(session) > 0),
            remove: (id: string) => Promise.resolve(removed.push(id)),
            spool: ({ id }: KeptSession) => (readable ? IndexedDbFrameSpool.open(null, id, 1) : Promise.reject(new Error('Not readable'))),
            commands: () => Promise.resolve({ load: () => Promise.resolve([]), save: () => Promise.resolve() }),
          },
        },
      ],
    });
    senders = TestBed.inject(LiveSenders);
    TestBed.tick();
  });

  it('sends nothing more of a person who has signed out, whoever signs in, and keeps it', async () => {
    await senders.open(kept);
    user.set(null);
    TestBed.tick();
    expect(FakeSender.last.asked).toEqual(['close']);
    await settled();
    expect(released).toEqual(['lock']);
    user.set({ id: 'ben' });
    TestBed.tick();
    expect(FakeSender.made).toHaveLength(1);
    // What the server would have said to the wrong person.
    FakeSender.last.become({ phase: 'refused', problem: { code: 'not-found', message: 'There is nothing here' } });
    expect(removed).toEqual([]);
  });

  it('opens nothing of a person who has signed out meanwhile', async () => {
    takeLock = async () => {
      user.set(null);
      return Promise.resolve(() => released.push('lock'));
    };
    expect(await senders.open(kept)).toBeNull();
    expect(FakeSender.made).toHaveLength(0);
    expect(released).toEqual(['lock']);
  });

  it('gives the session back to the other tabs when its storage cannot be read, and bears that when nobody waits', async () => {
    readable = false;
    await expect(senders.open(kept)).rejects.toThrow('Not readable');
    expect(released).toEqual(['lock']);
    await expect(senders.finishQuietly(kept)).resolves.toBeUndefined();
    expect(released).toEqual(['lock', 'lock']);
    readable = true;
    expect(await senders.open(kept)).not.toBeNull();
  });

  it('tells once, whatever page is open, that something is not off the record', async () => {
    const show = jest.spyOn(TestBed.inject(Toasts), 'show');
    await senders.open(kept);
    FakeSender.last.become({ phase: 'finishing' });
    expect(show).not.toHaveBeenCalled();
    FakeSender.last.become({ phase: 'finishing', unforgotten: 1 });
    FakeSender.last.become({ phase: 'finished' });
    expect(show.mock.calls).toEqual([['What you put off the record may still be in the recording', expect.objectContaining({ tone: 'danger' })]]);
  });

  it('does not take a session whose end was said from a device that has it now, and tries again with the next page', async () => {
    const sent = senders.finishQuietly(kept);
    await settled();
    expect(FakeSender.last.options.yields).toBe(true);
    FakeSender.last.become({ phase: 'replaced', problem: { code: 'live-replaced', message: 'Another device has it' } });
    FakeSender.last.refuse();
    await sent;
    expect([released, removed]).toEqual([['lock'], []]);
    await senders.open({ ...kept, finishing: false });
    expect(FakeSender.made).toHaveLength(2);
    expect(FakeSender.last.options.yields).toBe(false);
  });

  it('lets nobody go on, nor removes anything, before what was heard is kept', async () => {
    let written: () => void = () => undefined;
    const writes = (): void => {
      FakeSender.last.kept = new Promise((resolve) => (written = resolve));
    };
    const session = (await senders.open({ ...kept, finishing: false }))!;
    writes();
    FakeSender.last.become({ phase: 'replaced' });
    const taken = [session.takeBack(), session.takeBack()];
    await settled();
    expect(FakeSender.made).toHaveLength(1);
    written();
    await Promise.all(taken);
    expect(FakeSender.made).toHaveLength(2);
    writes();
    const late = session.takeBack();
    senders.leave('kept');
    await settled();
    expect(released).toEqual([]);
    written();
    await late;
    await settled();
    expect([FakeSender.made.length, released]).toEqual([2, ['lock']]);
    await senders.open(kept);
    writes();
    FakeSender.last.become({ phase: 'finished' });
    await settled();
    expect(removed).toEqual([]);
    written();
    await settled();
    expect(removed).toEqual(['kept']);
  });

  it('sends what a session that ended elsewhere does not have as a session of its own, and says so', async () => {
    const show = jest.spyOn(TestBed.inject(Toasts), 'show');
    const session = await senders.open(kept);
    await session?.spool.append(0, new Uint8Array(130 * 3_200));
    FakeSender.last.become({ phase: 'refused', received: 10, unsent: 120, problem: { code: 'live-ended', message: 'It has ended' } });
    await settled();
    const [, rest] = FakeSender.made;
    expect(rest?.options).toMatchObject({ title: expect.stringMatching(/^Session of .*, the rest$/) as string, known: false, yields: true });
    expect(rest?.options.recordingId).not.toBe('kept');
    expect(rest?.options.spool?.next).toBe(120);
    expect(rest?.asked).toEqual(['finish']);
    expect(show.mock.calls).toEqual([['What was not sent becomes a recording of its own', expect.objectContaining({ detail: expect.stringContaining('its last 12 s') as string })]]);
    expect([released, removed]).toEqual([['lock'], ['kept']]);
    const restId = rest?.options.recordingId;
    expect(shelved.map(({ id, known, rest: noted }) => [id, known, noted?.id])).toEqual([['kept', false, restId], [restId, false, undefined], [restId, true, undefined]]);
    rest?.become({ phase: 'finished' });
    await settled();
    expect(removed).toEqual(['kept', rest?.options.recordingId]);
  });

  it('goes on with what another tab has noted meanwhile', async () => {
    onShelf = [{ ...kept, rest: { id: 'half', sender: 'device', from: 10 } }];
    expect((await senders.open(kept))?.kept.rest?.id).toBe('half');
  });

  it('makes no rest where that of a page before is being sent, and hears nothing more of a session that was left', async () => {
    onShelf = [{ ...kept, rest: { id: 'rest', sender: 'device', from: 10 } }];
    const { take } = TestBed.inject(TabLocks);
    jest.spyOn(TestBed.inject(TabLocks), 'take').mockImplementation((name) => (name === 'live.rest' ? Promise.resolve(null) : take(name)));
    await senders.open(kept);
    FakeSender.last.become({ phase: 'refused', received: 10, unsent: 120, problem: { code: 'live-ended', message: 'It has ended' } });
    await settled();
    expect([FakeSender.made.length, shelved, removed, released]).toEqual([1, [], [], ['lock']]);
    await senders.open(kept);
    const left = FakeSender.last;
    senders.leave('kept');
    await settled();
    await senders.open(kept);
    left.become({ phase: 'finished' });
    await settled();
    expect([removed, FakeSender.last.asked]).toEqual([[], []]);
  });

  it('makes nothing of what was on its way when the session ended, nor of a deleted one', async () => {
    await senders.open(kept);
    FakeSender.last.become({ phase: 'refused', received: 10, unsent: 19, problem: { code: 'live-ended', message: 'It has ended' } });
    await settled();
    await senders.open(kept);
    FakeSender.last.become({ phase: 'refused', received: 0, unsent: 900, problem: { code: 'not-found', message: 'There is nothing here' } });
    await settled();
    expect([FakeSender.made.length, removed]).toEqual([2, ['kept', 'kept']]);
  });

  it('goes on when the same person is told anew', async () => {
    const session = await senders.open(kept);
    user.set({ id: 'ann' });
    TestBed.tick();
    expect(await senders.open(kept)).toBe(session);
    expect(FakeSender.last.asked).toEqual([]);
  });
});
