import { TestBed } from '@angular/core/testing';
import { FakeServer, json, problem } from '../../testing/fake-server';
import { sessionOf, userRow } from '../../testing/views';
import { START_ANEW, Session } from './session';

const refreshRoute = 'POST /api/auth/refresh';

describe('Session', () => {
  let server: FakeServer;
  beforeEach(() => {
    localStorage.clear();
    server = new FakeServer();
  });
  afterEach(() => {
    jest.useRealTimers();
    server.restore();
  });

  async function signedIn(seconds = 900): Promise<Session> {
    server.on('POST /api/auth/sign-in', () => json(sessionOf(userRow(), seconds)));
    const session = TestBed.inject(Session);
    await session.signIn({ email: 'anna@practice.example', password: 'secret' });
    return session;
  }

  it('asks nobody where nobody has signed in', async () => {
    const session = TestBed.inject(Session);
    await session.restore();
    expect(session.user()).toBeNull();
    expect(server.requests).toHaveLength(0);
  });

  it('comes back after a reload, with one question', async () => {
    localStorage.setItem('auscult.session', '1');
    server.on(refreshRoute, () => json(sessionOf(userRow())));
    const session = TestBed.inject(Session);
    await Promise.all([session.restore(), session.restore()]);
    expect(session.user()?.displayName).toBe('Anna Keller');
    expect(server.count(refreshRoute)).toBe(1);
  });

  it('can ask again when the server could not be reached', async () => {
    localStorage.setItem('auscult.session', '1');
    const session = TestBed.inject(Session);
    server.on(refreshRoute, () => Promise.reject(new TypeError('Failed to fetch')));
    await expect(session.restore()).rejects.toThrow('cannot be reached');
    server.on(refreshRoute, () => json(sessionOf(userRow())));
    await session.restore();
    expect(session.user()).not.toBeNull();
  });

  it('keeps the token to itself', async () => {
    await signedIn();
    expect(JSON.stringify(Object.entries(localStorage))).not.toContain('head.');
  });

  it('renews a token half a minute before its end, once for all who ask', async () => {
    const session = await signedIn(60);
    const first = await session.current();
    expect(server.count(refreshRoute)).toBe(0);
    jest.useFakeTimers({ now: Date.now() + 31_000, doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    server.on(refreshRoute, () => json(sessionOf(userRow())));
    const tokens = await Promise.all([session.current(), session.current(), session.refresh()]);
    expect(server.count(refreshRoute)).toBe(1);
    expect(new Set(tokens).size).toBe(1);
    expect(tokens[0]).not.toBe(first);
  });

  it('counts the lifetime by the token, not by a clock that is wrong', async () => {
    const ahead = { ...sessionOf(userRow(), 900), expiresAt: new Date(Date.now() - 3_600_000).toISOString() };
    server.on('POST /api/auth/sign-in', () => json(ahead));
    const session = TestBed.inject(Session);
    await session.signIn({ email: 'anna@practice.example', password: 'secret' });
    await expect(session.current()).resolves.toBe(ahead.accessToken);
  });

  it('gives no token of another person who has signed in in this browser meanwhile: the page is loaded anew', async () => {
    const startAnew = jest.fn();
    TestBed.configureTestingModule({ providers: [{ provide: START_ANEW, useValue: startAnew }] });
    const session = await signedIn(60);
    server.on(refreshRoute, () => json(sessionOf(userRow('clinician', { id: 'somebody-else' }))));
    expect(await session.refresh()).toBeNull();
    expect([session.user(), startAnew.mock.calls.length]).toEqual([null, 1]);
  });

  it('is one person\'s page also after she has signed out, for her it goes on', async () => {
    const startAnew = jest.fn();
    TestBed.configureTestingModule({ providers: [{ provide: START_ANEW, useValue: startAnew }] });
    const session = await signedIn();
    server.on('POST /api/auth/sign-out', () => json(null));
    await session.signOut();
    await session.signIn({ email: 'anna@practice.example', password: 'secret' });
    expect([session.user()?.id, startAnew.mock.calls.length]).toEqual([userRow().id, 0]);
    await session.signOut();
    server.on('POST /api/auth/sign-in', () => json(sessionOf(userRow('clinician', { id: 'somebody-else' }))));
    await session.signIn({ email: 'ben@practice.example', password: 'secret' });
    expect([session.user(), startAnew.mock.calls.length]).toEqual([null, 1]);
  });

  it('ends when the server says so', async () => {
    const session = await signedIn();
    server.on(refreshRoute, () => problem('session-ended'));
    await expect(session.refresh()).resolves.toBeNull();
    expect(session.user()).toBeNull();
    expect(localStorage.getItem('auscult.session')).toBeNull();
  });

  it('goes on when the server is only out of reach', async () => {
    const session = await signedIn();
    server.on(refreshRoute, () => problem('unavailable'));
    await expect(session.refresh()).rejects.toMatchObject({ code: 'unavailable' });
    expect(session.user()).not.toBeNull();
  });

  it('stays signed in when signing out did not reach the server, and leaves when the session was over already', async () => {
    const session = await signedIn();
    server.on('POST /api/auth/sign-out', () => Promise.reject(new TypeError('Failed to fetch')));
    await expect(session.signOut()).rejects.toThrow();
    expect(session.user()).not.toBeNull();
    server.on('POST /api/auth/sign-out', () => problem('session-ended'));
    await session.signOut();
    expect(session.user()).toBeNull();
  });
});
