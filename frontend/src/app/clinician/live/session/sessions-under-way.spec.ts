import { TestBed } from '@angular/core/testing';
import type { LiveSendState } from '@auscult/client';
import { Session } from '../../../core/session';
import { UnfinishedWork } from '../../../core/unfinished-work';
import { TabLocks } from '../../uploads/tab-locks';
import { SessionShelf } from '../spool/session-shelf';
import { LiveSenders } from './live-senders';
import { SessionsUnderWay } from './sessions-under-way';

const [stops, waits] = [/^Recording stops\. The session stays on this device/, /^A session is not sent whole yet\. The rest stays on this device/];

describe('SessionsUnderWay', () => {
  let here: { id: string; finishing: boolean; phase: LiveSendState['phase']; unsent: number; forgetting?: number }[];
  let shelved: { id: string; finishing: boolean }[];
  let held: string[];
  const locks = { query: () => Promise.resolve({ held: [...held.map((id) => ({ name: `auscult.live.${id}` })), { name: 'auscult.upload.x' }] }) };

  beforeEach(() => {
    [here, shelved, held] = [[], [], []];
    Object.defineProperty(navigator, 'locks', { value: locks, configurable: true });
    TestBed.configureTestingModule({
      providers: [
        TabLocks,
        { provide: Session, useValue: { user: () => ({ id: 'ann' }) } },
        { provide: LiveSenders, useValue: { all: () => here.map(({ id, finishing, ...state }) => ({ kept: { id, finishing }, state: () => ({ forgetting: 0, ...state }) })) } },
        { provide: SessionShelf, useValue: { of: () => Promise.resolve(shelved) } },
      ],
    });
    TestBed.inject(SessionsUnderWay);
  });
  afterEach(() => Reflect.deleteProperty(navigator, 'locks'));

  const loss = () => TestBed.inject(UnfinishedWork).loss();
  const mayClose = () => window.dispatchEvent(new Event('beforeunload', { cancelable: true }));

  it('has nothing to ask when nothing is under way', async () => {
    here = [{ id: 'a', finishing: true, phase: 'finishing', unsent: 0 }, { id: 'b', finishing: false, phase: 'replaced', unsent: 0 }];
    held = ['a', 'b'];
    expect(await loss()).toBe('');
    expect(mayClose()).toBe(true);
  });

  it('says that recording stops, and what is left to send, on whatever page', async () => {
    here = [{ id: 'a', finishing: true, phase: 'offline', unsent: 600 }];
    held = ['a'];
    expect(await loss()).toMatch(waits);
    expect(mayClose()).toBe(false);
    here.push({ id: 'b', finishing: false, phase: 'sending', unsent: 0 });
    expect(await loss()).toMatch(stops);
  });

  it('says that something is not off the record on the server yet, where nothing else is under way', async () => {
    here = [{ id: 'a', finishing: true, phase: 'finishing', unsent: 0, forgetting: 1 }];
    expect(await loss()).toMatch(/^What you put off the record is still in the recording/);
    expect(mayClose()).toBe(false);
    here = [{ id: 'a', finishing: true, phase: 'offline', unsent: 1, forgetting: 1 }];
    expect(await loss()).toMatch(/^A session is not sent whole yet.* What you put off the record is still/);
  });

  it('speaks for the other tabs of this browser', async () => {
    held = ['c'];
    shelved = [{ id: 'c', finishing: true }];
    expect(await loss()).toMatch(waits);
    shelved = [{ id: 'c', finishing: false }];
    expect(await loss()).toMatch(stops);
    // Of one in a browser that keeps nothing only the lock is known.
    shelved = [];
    expect(await loss()).toMatch(stops);
    expect(mayClose()).toBe(true);
    held = [];
    shelved = [{ id: 'c', finishing: false }];
    expect(await loss()).toBe('');
  });
});
