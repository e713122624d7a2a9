import { TestBed } from '@angular/core/testing';
import { ProblemError, UnreachableError } from '@auscult/client';
import { problems, type ProblemCode } from '@auscult/contracts';
import { FakeServer, json, settle } from '../../../testing/fake-server';
import { recordingRow, sessionOf, userRow } from '../../../testing/views';
import { Session } from '../../core/session';
import { UnfinishedWork } from '../../core/unfinished-work';
import { FakeShelf } from './fake-shelf';
import { FakeTransfers } from './fake-transfers';
import { TabLocks } from './tab-locks';
import { Transfers } from './transfers';
import { UploadShelf, type ShelvedUpload } from './upload-shelf';
import { Uploads } from './uploads';

const file = (name: string, bytes = 10, type = 'audio/wav') => new File([new Uint8Array(bytes)], name, { type, lastModified: 5 });
const problemError = (code: ProblemCode) => new ProblemError({ type: `/problems/${code}`, code, ...problems[code] });

describe('Uploads', () => {
  let server: FakeServer;
  let transfers: FakeTransfers;
  let shelf: FakeShelf;
  let uploads: Uploads;
  const locks = { take: jest.fn() };

  beforeEach(async () => {
    localStorage.clear();
    locks.take.mockReset().mockResolvedValue(() => undefined);
    server = new FakeServer()
      .on('POST /api/auth/sign-in', () => json(sessionOf(userRow())))
      .on('POST /api/auth/sign-out', () => json(null))
      .on('GET /api/recordings/limits', () => json({ maxUploadBytes: 1000, acceptedExtensions: ['.wav', '.m4a'] }));
    transfers = new FakeTransfers();
    shelf = new FakeShelf();
    TestBed.configureTestingModule({
      providers: [Uploads, { provide: Transfers, useValue: transfers }, { provide: UploadShelf, useValue: shelf }, { provide: TabLocks, useValue: locks }],
    });
    await TestBed.inject(Session).signIn({ email: 'anna@practice.example', password: 'secret' });
    uploads = TestBed.inject(Uploads);
  });
  afterEach(() => server.restore());
  const states = () => Object.fromEntries(uploads.items().map((item) => [item.name, item.state]));
  const only = () => uploads.items()[0]!;

  it('sends two at once and the next when one is done', async () => {
    server.on('GET /api/recordings/r1', () => json(recordingRow({ id: 'r1', status: 'queued' })));
    await uploads.add([file('a.wav'), file('b.wav'), file('c.wav')]);
    await settle();
    expect(states()).toEqual({ 'a.wav': 'sending', 'b.wav': 'sending', 'c.wav': 'waiting' });
    transfers.of('a.wav').events.done('r1');
    await settle();
    expect(states()).toEqual({ 'b.wav': 'sending', 'c.wav': 'sending' });
    expect(uploads.finished()?.id).toBe('r1');
    expect([...shelf.kept.values()].map((one) => one.name)).toEqual(['b.wav', 'c.wav']);
  });

  it('refuses what cannot be transcribed, each with its reason, and sends the rest', async () => {
    await uploads.add([file('empty.wav', 0), file('big.wav', 1001), file('notes.pdf', 5, 'application/pdf'), file('good.m4a')]);
    expect(uploads.refusals().map(({ name }) => name)).toEqual(['empty.wav', 'big.wav', 'notes.pdf']);
    expect(uploads.refusals()[1]!.reason).toContain('accepts up to 1.0 kB');
    expect(Object.keys(states())).toEqual(['good.m4a']);
    uploads.dismiss(uploads.refusals()[0]!);
    expect(uploads.refusals()).toHaveLength(2);
  });

  it('shows how far it is and that the line is down, and that it goes on', async () => {
    await uploads.add([file('a.wav', 100)]);
    await settle();
    const { events } = transfers.of('a.wav');
    events.progress(40);
    expect(only()).toMatchObject({ state: 'sending', sentBytes: 40 });
    events.interrupted();
    expect(only()).toMatchObject({ state: 'interrupted', sentBytes: 40 });
    events.progress(50);
    expect(only()).toMatchObject({ state: 'sending', sentBytes: 50 });
  });

  it('pauses, lets another one pass, and goes on at the same address', async () => {
    await uploads.add([file('a.wav'), file('b.wav'), file('c.wav')]);
    await settle();
    transfers.of('a.wav').events.created('/api/uploads/a');
    await uploads.pause(only().id);
    expect(transfers.of('a.wav').paused).toBe(true);
    transfers.of('a.wav').events.progress(9);
    expect(states()).toEqual({ 'a.wav': 'paused', 'b.wav': 'sending', 'c.wav': 'sending' });
    uploads.resume(only().id);
    expect(states()['a.wav']).toBe('waiting');
    await uploads.cancel(uploads.items()[1]!.id);
    await settle();
    expect(transfers.of('a.wav').request.url).toBe('/api/uploads/a');
    expect(states()).toEqual({ 'a.wav': 'sending', 'c.wav': 'sending' });
  });

  it('gives up with nothing left behind', async () => {
    await uploads.add([file('a.wav')]);
    await settle();
    await uploads.cancel(only().id);
    expect(transfers.of('a.wav').discarded).toBe(true);
    expect(shelf.kept.size).toBe(0);
    expect(uploads.items()).toEqual([]);
  });

  it('says what the server said; only what can work is tried again', async () => {
    await uploads.add([file('a.wav'), file('b.wav')]);
    await settle();
    transfers.of('a.wav').events.failed(problemError('audio-unreadable'));
    transfers.of('b.wav').events.failed(new UnreachableError());
    expect(uploads.items().map(({ state, retryable }) => [state, retryable])).toEqual([['failed', false], ['failed', true]]);
    expect(only().problem?.title).toBe(problems['audio-unreadable'].title);
    await settle();
    expect([...shelf.kept.values()].map((one) => one.name)).toEqual(['b.wav']);
    globalThis.dispatchEvent(new Event('online'));
    await settle();
    expect(states()).toEqual({ 'a.wav': 'failed', 'b.wav': 'sending' });
  });

  it('says at once that the line is down and begins anew when it is up', async () => {
    await uploads.add([file('a.wav')]);
    await settle();
    const stalled = transfers.of('a.wav');
    stalled.events.created('/api/uploads/a');
    globalThis.dispatchEvent(new Event('offline'));
    expect(only().state).toBe('interrupted');
    globalThis.dispatchEvent(new Event('online'));
    await settle();
    expect(stalled.paused).toBe(true);
    expect(transfers.of('a.wav')).not.toBe(stalled);
    expect(transfers.of('a.wav').request.url).toBe('/api/uploads/a');
    expect(only().state).toBe('sending');
  });

  const left: ShelvedUpload = { id: 'u1', userId: userRow().id, name: 'a.wav', sizeBytes: 10, type: 'audio/wav', lastModified: 5, url: '/api/uploads/a', file: null, addedAt: 1 };

  it('goes on after a reload by itself where the browser kept the file', async () => {
    shelf.kept.set('u1', { ...left, file: file('a.wav') });
    await uploads.start();
    await settle();
    expect(transfers.of('a.wav').request.url).toBe('/api/uploads/a');
  });

  it('notes that everything was sent, until the server says that it has less', async () => {
    await uploads.add([file('a.wav', 10)]);
    await settle();
    const { events } = transfers.of('a.wav');
    const noted = () => [...shelf.kept.values()][0]!.sentWhole ?? false;
    events.progress(9);
    expect(noted()).toBe(false);
    events.progress(10);
    expect(noted()).toBe(true);
    events.progress(8);
    expect(noted()).toBe(false);
  });

  it('is done, without a word, with what was sent whole and deleted on the server since', async () => {
    shelf.kept.set('u1', { ...left, file: file('a.wav'), sentWhole: true });
    shelf.kept.set('u2', { ...left, id: 'u2', name: 'b.wav', file: file('b.wav') });
    await uploads.start();
    await settle();
    transfers.of('a.wav').events.gone();
    await settle();
    expect(states()).toEqual({ 'b.wav': 'sending' });
    expect([...shelf.kept.keys()]).toEqual(['u2']);
    expect(transfers.begun).toHaveLength(2);
  });

  it('begins anew with what the server gave up half-way, but not while it is paused', async () => {
    shelf.kept.set('u1', { ...left, file: file('a.wav') });
    shelf.kept.set('u2', { ...left, id: 'u2', name: 'b.wav', file: file('b.wav') });
    await uploads.start();
    await settle();
    await uploads.pause('u2');
    for (const name of ['a.wav', 'b.wav']) transfers.of(name).events.gone();
    await settle();
    expect(states()).toEqual({ 'a.wav': 'sending', 'b.wav': 'paused' });
    expect(transfers.begun).toHaveLength(3);
    expect(transfers.of('a.wav').request.url).toBeNull();
    uploads.resume('u2');
    await settle();
    expect(transfers.of('b.wav').request.url).toBeNull();
    expect([...shelf.kept.values()].map(({ url }) => url)).toEqual([null, null]);
  });

  it('asks for the file where it did not, and knows it again', async () => {
    shelf.kept.set('u1', left);
    await uploads.start();
    expect(states()).toEqual({ 'a.wav': 'needs-file' });
    await uploads.add([file('other.wav'), file('a.wav')]);
    await settle();
    expect(states()).toEqual({ 'a.wav': 'sending', 'other.wav': 'sending' });
    expect(transfers.of('a.wav').request.url).toBe('/api/uploads/a');
    expect(transfers.of('other.wav').request.url).toBeNull();
  });

  it('leaves alone what another person began and what another tab is sending', async () => {
    shelf.kept.set('u1', { ...left, userId: 'somebody-else' });
    shelf.kept.set('u2', { ...left, id: 'u2' });
    locks.take.mockResolvedValue(null);
    await uploads.start();
    expect(uploads.items()).toEqual([]);
    expect(locks.take).toHaveBeenCalledTimes(1);
  });

  it('does not take up what another tab has finished in the meantime', async () => {
    const release = jest.fn();
    shelf.kept.set('u1', { ...left, file: file('a.wav') });
    locks.take.mockImplementation(async () => {
      await shelf.remove('u1');
      return release;
    });
    await uploads.start();
    expect(uploads.items()).toEqual([]);
    expect(release).toHaveBeenCalled();
  });

  it('counts as unfinished work, and is removed when the person gives it up by signing out', async () => {
    await uploads.add([file('a.wav')]);
    await settle();
    const work = TestBed.inject(UnfinishedWork);
    expect(await work.loss()).toBe('One upload is not finished and will be given up.');
    await work.discard();
    expect([await work.loss(), shelf.kept.size]).toEqual(['', 0]);
  });

  it('stops when the session ends, and keeps the rest for the same person', async () => {
    await uploads.add([file('a.wav')]);
    await settle();
    await TestBed.inject(Session).signOut();
    TestBed.tick();
    expect(uploads.items()).toEqual([]);
    expect(transfers.of('a.wav').paused).toBe(true);
    expect(shelf.kept.size).toBe(1);
  });
});
