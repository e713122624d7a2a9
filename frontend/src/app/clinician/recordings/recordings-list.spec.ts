import { TestBed } from '@angular/core/testing';
import type { RecordingView } from '@auscult/contracts';
import { FakeRealtime } from '../../../testing/fake-realtime';
import { FakeServer, json, problem, settle } from '../../../testing/fake-server';
import { recordingRow } from '../../../testing/views';
import { Realtime } from '../../core/realtime';
import { RecordingsList } from './recordings-list';

const route = 'GET /api/recordings';
const all = { search: '', status: null, page: 1 } as const;
const row = (number: number, change: Partial<RecordingView> = {}) =>
  recordingRow({ id: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`, createdAt: `2026-11-22T10:${String(10 + number)}:00.000Z`, ...change });
const pageOf = (...items: RecordingView[]) => json({ items, total: items.length, page: 1, pageSize: 20 });

describe('RecordingsList', () => {
  let server: FakeServer;
  let realtime: FakeRealtime;
  let list: RecordingsList;
  beforeEach(() => {
    server = new FakeServer();
    realtime = new FakeRealtime();
    TestBed.configureTestingModule({ providers: [RecordingsList, { provide: Realtime, useValue: realtime }] });
    list = TestBed.inject(RecordingsList);
  });
  afterEach(() => server.restore());
  const ids = () => list.items().map((item) => Number(item.id.slice(-4)));

  it('asks for the filter and shows the page', async () => {
    server.on(route, () => pageOf(row(2), row(1)));
    await list.show({ search: 'intake', status: 'failed', page: 3 });
    expect(Object.fromEntries(server.requests[0]!.query)).toEqual({ search: 'intake', status: 'failed', page: '3', pageSize: '20' });
    expect(ids()).toEqual([2, 1]);
    expect(list.state()).toEqual({ kind: 'ready', refreshing: false });
  });

  it('says why it failed and recovers', async () => {
    server.on(route, () => problem('unavailable'));
    await list.show(all);
    expect(list.state()).toMatchObject({ kind: 'failed', error: { code: 'unavailable' } });
    server.on(route, () => pageOf(row(1)));
    await list.read();
    expect(ids()).toEqual([1]);
  });

  it('drops the answer to an older filter that comes late', async () => {
    const late: { answer?: (response: Response) => void } = {};
    server.on(route, ({ query }) => (query.get('search') === 'old' ? new Promise((resolve) => (late.answer = resolve)) : pageOf(row(2))));
    const old = list.show({ ...all, search: 'old' });
    await list.show({ ...all, search: 'new' });
    late.answer!(pageOf(row(1)));
    await old;
    expect(ids()).toEqual([2]);
  });

  it('puts a new recording on top and counts it', async () => {
    server.on(route, () => pageOf(row(1)));
    await list.show(all);
    realtime.send('recording:changed', { recording: row(2, { status: 'queued' }) });
    expect(ids()).toEqual([2, 1]);
    expect(list.total()).toBe(2);
  });

  it('takes in a new recording whose event comes after that of a newer one', async () => {
    server.on(route, () => pageOf(row(1)));
    await list.show(all);
    realtime.send('recording:changed', { recording: row(3, { status: 'queued' }) });
    realtime.send('recording:changed', { recording: row(2, { status: 'queued' }) });
    expect(ids()).toEqual([3, 2, 1]);
    expect(list.total()).toBe(3);
  });

  it('leaves out what is older than a full page', async () => {
    const items = Array.from({ length: 20 }, (_, at) => row(40 - at));
    server.on(route, () => json({ items, total: 30, page: 1, pageSize: 20 }));
    await list.show(all);
    realtime.send('recording:changed', { recording: row(5, { status: 'queued' }) });
    expect(ids()).toHaveLength(20);
    expect(ids()).not.toContain(5);
  });

  it('follows the progress of a row in its place', async () => {
    server.on(route, () => pageOf(row(2), row(1)));
    await list.show(all);
    realtime.send('recording:changed', { recording: row(1, { status: 'transcribing', progress: 0.5 }) });
    expect(ids()).toEqual([2, 1]);
    expect(list.items()[1]!.progress).toBe(0.5);
    expect(list.total()).toBe(2);
  });

  it('leaves alone what the filter or the page does not want', async () => {
    server.on(route, () => pageOf(row(1)));
    await list.show({ ...all, page: 2 });
    realtime.send('recording:changed', { recording: row(2) });
    await list.show({ ...all, search: 'interview' });
    realtime.send('recording:changed', { recording: row(3, { title: 'Another' }) });
    expect(ids()).toEqual([1]);
  });

  it('lets a row go that left the filter, and asks for the one that moves up', async () => {
    server.on(route, () => pageOf(row(2, { status: 'transcribing' }), row(1, { status: 'transcribing' })));
    await list.show({ ...all, status: 'transcribing' });
    server.on(route, () => pageOf(row(1, { status: 'transcribing' }), row(0, { status: 'transcribing' })));
    realtime.send('recording:changed', { recording: row(2, { status: 'completed' }) });
    expect(ids()).toEqual([1]);
    await settle();
    expect(ids()).toEqual([1, 0]);
  });

  it('forgets a deleted one', async () => {
    server.on(route, () => pageOf(row(2), row(1)));
    await list.show(all);
    realtime.send('recording:deleted', { recordingId: row(2).id });
    realtime.send('recording:deleted', { recordingId: row(9).id });
    expect(ids()).toEqual([1]);
    expect(list.total()).toBe(1);
  });

  it('keeps what events said while a reading was under way: they are newer than its answer', async () => {
    server.on(route, () => pageOf(row(2), row(1)));
    await list.show(all);
    const pending: { answer?: (response: Response) => void } = {};
    server.on(route, () => new Promise((resolve) => (pending.answer = resolve)));
    const reading = list.read();
    await settle(1);
    realtime.send('recording:changed', { recording: row(1, { progress: 0.9 }) });
    realtime.send('recording:deleted', { recordingId: row(2).id });
    pending.answer!(pageOf(row(2), row(1, { progress: 0.1 })));
    await reading;
    expect(ids()).toEqual([1]);
    expect(list.items()[0]!.progress).toBe(0.9);
  });

  it('reads anew with every connection: what changed before it was not heard', async () => {
    server.on(route, () => pageOf(row(1)));
    await list.show(all);
    server.on(route, () => pageOf(row(3), row(1)));
    realtime.connect();
    await settle();
    expect(ids()).toEqual([3, 1]);
  });

  describe('when the rows cannot be read anew', () => {
    beforeEach(async () => {
      server.on(route, () => pageOf(row(1)));
      await list.show(all);
      jest.useFakeTimers();
      server.on(route, () => problem('unavailable'));
    });
    afterEach(() => jest.useRealTimers());
    const later = (ms: number) => jest.advanceTimersByTimeAsync(ms);

    it('keeps them and tries again, with growing pauses', async () => {
      realtime.connect();
      await later(0);
      expect(list.state()).toEqual({ kind: 'ready', refreshing: false });
      expect(ids()).toEqual([1]);
      await later(2_000);
      expect(server.count(route)).toBe(3);
      await later(2_000);
      expect(server.count(route)).toBe(3);
      server.on(route, () => pageOf(row(2), row(1)));
      await later(2_000);
      expect(ids()).toEqual([2, 1]);
      await later(60_000);
      expect(server.count(route)).toBe(4);
    });

    it('shows no rows of another filter as its answer', async () => {
      await list.show({ ...all, search: 'intake' });
      expect(list.state().kind).toBe('failed');
      await list.show(all);
      expect(list.state().kind).toBe('failed');
    });

    it('asks nobody any more when the page is left', async () => {
      realtime.connect();
      await later(0);
      TestBed.resetTestingModule();
      await later(60_000);
      expect(server.count(route)).toBe(2);
    });

    it('leaves it at that when the page goes during a reading', async () => {
      const pending: { fail?: (error: Error) => void } = {};
      server.on(route, () => new Promise((_, reject) => (pending.fail = reject)));
      realtime.connect();
      await later(0);
      TestBed.resetTestingModule();
      pending.fail!(new TypeError('offline'));
      await later(60_000);
      expect(server.count(route)).toBe(2);
    });
  });
});
