import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Session } from '../../../core/session';
import { TabLocks } from '../../uploads/tab-locks';
import { IndexedDbFrameSpool } from '../spool/indexed-db-frame-spool';
import { SessionShelf, type KeptSession } from '../spool/session-shelf';
import { FakeSender } from '../testing/fake-sender';
import { LIVE_SENDER, LiveSenders } from './live-senders';

const kept: KeptSession = { id: 'kept', userId: 'ann', source: 'room', channelCount: 1, startedAt: 0, finishing: true, sender: 'this-device', known: false };

describe('LiveSenders', () => {
  const user = signal<{ id: string } | null>({ id: 'ann' });
  let removed: string[];
  let released: string[];
  let takeLock: () => Promise<(() => void) | null>;
  let senders: LiveSenders;

  beforeEach(() => {
    user.set({ id: 'ann' });
    [removed, released, FakeSender.made] = [[], [], []];
    takeLock = () => Promise.resolve(() => released.push('lock'));
    TestBed.configureTestingModule({
      providers: [
        { provide: LIVE_SENDER, useValue: (options: ConstructorParameters<typeof FakeSender>[0]) => new FakeSender(options) },
        { provide: TabLocks, useValue: { take: () => takeLock() } },
        { provide: Session, useValue: { user } },
        {
          provide: SessionShelf,
          useValue: {
            remove: (id: string) => Promise.resolve(removed.push(id)),
            spool: ({ id }: KeptSession) => IndexedDbFrameSpool.open(null, id, 1),
            commands: () => Promise.resolve(undefined),
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

  it('goes on when the same person is told anew', async () => {
    const session = await senders.open(kept);
    user.set({ id: 'ann' });
    TestBed.tick();
    expect(await senders.open(kept)).toBe(session);
    expect(FakeSender.last.asked).toEqual([]);
  });
});
