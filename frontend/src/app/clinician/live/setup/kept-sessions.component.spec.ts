import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { Dialogs, Toasts } from '@auscult/ui';
import { problems } from '@auscult/contracts';
import { FakeRealtime } from '../../../../testing/fake-realtime';
import { FakeServer, json, problem, settle } from '../../../../testing/fake-server';
import { recordingRow } from '../../../../testing/views';
import { Realtime } from '../../../core/realtime';
import { Session } from '../../../core/session';
import { TabLocks } from '../../uploads/tab-locks';
import { LiveSenders } from '../session/live-senders';
import { SessionShelf, type KeptSession } from '../spool/session-shelf';
import { KeptSessionsComponent } from './kept-sessions.component';

const kept: KeptSession = { id: 'a', userId: 'ann', source: 'room', channelCount: 1, startedAt: 0, finishing: false, sender: 'this-device', known: true };
const route = 'GET /api/recordings/a';
/** As the server says it: with the name of the request. */
const gone = () => json({ type: '/problems/not-found', code: 'not-found', ...problems['not-found'], requestId: 'request-1' }, 404);

describe('KeptSessionsComponent', () => {
  let server: FakeServer;
  let shelved: KeptSession[];
  let held: string[];
  let emptied: string[];
  let refuses: boolean;
  let user: { id: string };
  const realtime = new FakeRealtime();
  const [confirm, show, finishQuietly] = [jest.fn(), jest.fn(), jest.fn()];

  beforeEach(() => {
    server = new FakeServer().on(route, () => json(recordingRow({ id: 'a' })));
    [shelved, held, emptied, refuses, user] = [[kept], [], [], false, { id: 'ann' }];
    confirm.mockReset().mockResolvedValue(true);
    show.mockReset();
    finishQuietly.mockReset();
    const remove = (id: string) => {
      emptied.push(id);
      if (!refuses) shelved = shelved.filter((session) => session.id !== id);
      return Promise.resolve(!refuses);
    };
    TestBed.configureTestingModule({
      providers: [
        provideRouter([]),
        { provide: Realtime, useValue: realtime },
        { provide: Session, useValue: { user: () => user, current: () => Promise.resolve('token'), refresh: () => Promise.resolve(null) } },
        { provide: SessionShelf, useValue: { of: (userId: string) => Promise.resolve(shelved.filter((session) => session.userId === userId)), remove } },
        { provide: TabLocks, useValue: { take: (name: string) => Promise.resolve(held.includes(name) ? null : () => undefined) } },
        { provide: LiveSenders, useValue: { finishQuietly } },
        { provide: Dialogs, useValue: { confirm } },
        { provide: Toasts, useValue: { show } },
      ],
    });
  });
  afterEach(() => server.restore());

  async function look() {
    const fixture = TestBed.createComponent(KeptSessionsComponent);
    const stable = async () => {
      await settle();
      await fixture.whenStable();
    };
    await stable();
    const root = fixture.nativeElement as HTMLElement;
    const press = async (label: string) => {
      [...root.querySelectorAll('button')].find((one) => one.textContent.startsWith(label))!.click();
      await stable();
    };
    return { notices: () => root.querySelectorAll('au-notice').length, press, stable };
  }

  it('sends those whose end was said by themselves, a few at a time', async () => {
    shelved = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ ...kept, id, finishing: true }));
    const sent: (() => void)[] = [];
    finishQuietly.mockImplementation(() => new Promise<void>((resolve) => sent.push(resolve)));
    const { notices, stable } = await look();
    const asked = () => finishQuietly.mock.calls.map(([session]: KeptSession[]) => session?.id);
    expect([notices(), asked()]).toEqual([0, ['a', 'b', 'c']]);
    sent[1]!();
    await stable();
    expect(asked()).toEqual(['a', 'b', 'c', 'd']);
    sent.slice(2).forEach((done) => done());
    await stable();
    expect(asked()).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('destroys the sound of a session that was deleted while nobody looked', async () => {
    server.on(route, gone);
    expect((await look()).notices()).toBe(0);
    expect(shelved).toEqual([]);
    expect(server.count(route)).toBe(1);
  });

  it.each([
    ['has it', () => json(recordingRow({ id: 'a' }))],
    ['cannot be reached', () => Promise.reject(new TypeError('Failed to fetch'))],
    ['is starting', () => problem('unavailable')],
    ['is away, and a proxy finds nothing in its place', () => json('404 page not found', 404)],
    ['is asked by somebody else by now', () => ((user = { id: 'ben' }), gone())],
  ])('keeps it when the server %s', async (_, answer) => {
    server.on(route, answer);
    expect((await look()).notices()).toBe(1);
    expect(shelved).toEqual([kept]);
    expect(server.count(route)).toBe(1);
  });

  it('keeps what the server never had, and does not ask for it', async () => {
    server.on(route, gone);
    shelved = [{ ...kept, known: false }];
    expect((await look()).notices()).toBe(1);
    expect(shelved).toHaveLength(1);
    expect(server.requests).toEqual([]);
  });

  it('destroys it as soon as its recording is deleted, here or on another device, and nothing else', async () => {
    shelved = [kept, { ...kept, id: 'b', known: false }];
    const page = await look();
    expect(page.notices()).toBe(2);
    realtime.send('recording:deleted', { recordingId: 'somewhere-else' });
    await page.stable();
    expect(page.notices()).toBe(2);
    realtime.send('recording:deleted', { recordingId: 'a' });
    await page.stable();
    expect(page.notices()).toBe(1);
    expect(shelved.map(({ id }) => id)).toEqual(['b']);
  });

  it('leaves one that is on air to the tab that has it', async () => {
    const page = await look();
    held = ['live.a'];
    realtime.send('recording:deleted', { recordingId: 'a' });
    await page.stable();
    expect(shelved).toEqual([kept]);
    await page.press('Delete it');
    expect(shelved).toEqual([kept]);
    expect(show).toHaveBeenCalledWith('The session was not deleted', expect.objectContaining({ tone: 'danger' }));
  });

  it('deletes it when it is asked for and confirmed, and says what stays', async () => {
    const page = await look();
    confirm.mockResolvedValueOnce(false);
    await page.press('Delete it');
    expect(page.notices()).toBe(1);
    await page.press('Delete it');
    expect(page.notices()).toBe(0);
    expect(shelved).toEqual([]);
    expect(confirm).toHaveBeenLastCalledWith(
      expect.objectContaining({ danger: true, text: 'Its sound on this device is destroyed. This cannot be undone. What the server has of it stays in the list of recordings.' }),
    );
    expect(show).toHaveBeenCalledWith('The session was deleted from this device', expect.anything());
  });

  it('promises nothing of the server where that has nothing, and does not say that it is deleted when it is not', async () => {
    shelved = [{ ...kept, known: false }];
    refuses = true;
    const page = await look();
    await page.press('Delete it');
    expect(confirm).toHaveBeenLastCalledWith(expect.objectContaining({ text: 'Its sound on this device is destroyed. This cannot be undone.' }));
    expect(page.notices()).toBe(1);
    expect(show.mock.calls).toEqual([['The session was not deleted', expect.anything()]]);
  });
});
