import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Caller } from '../../../../test/transcription/caller.js';
import { TranscriptionStack } from '../../../../test/transcription/transcription-stack.js';
import { Watcher } from '../../../../test/transcription/watcher.js';
import { type Written, writtenRecording } from '../../../../test/transcription/written-recording.js';
import { TranscriptAnnouncements } from '../transcript-announcements.service.js';

let stack: TranscriptionStack;
let written: Written;
beforeAll(async () => {
  stack = await TranscriptionStack.start();
  written = await writtenRecording(stack, ['Very private words', 'More of them']);
});
afterAll(() => stack.close());

const UNKNOWN = '018f4e3a-0000-4000-8000-00000000dead';

interface Route {
  method: string;
  path: (id: string) => string;
  body?: unknown;
  /** Of the recording that it names; a list has none. */
  ofOne: boolean;
}

/** Every route of this module: a new one belongs here. */
function routes(): Route[] {
  const segment = written.segments[0]?.id;
  const speaker = written.speakers[0]?.id;
  const of = (method: string, rest: string, body?: unknown): Route => ({ method, path: (id) => `/api/recordings/${id}${rest}`, body, ofOne: true });
  return [
    { method: 'GET', path: () => '/api/recordings', ofOne: false },
    { method: 'GET', path: () => '/api/recordings/limits', ofOne: false },
    { method: 'POST', path: () => '/api/recordings', ofOne: false },
    of('GET', ''),
    of('PATCH', '', { title: 'Mine now' }),
    of('DELETE', ''),
    of('POST', '/cancel', {}),
    of('POST', '/retry', {}),
    of('POST', '/audio-link', {}),
    of('GET', '/waveform'),
    of('GET', '/markers'),
    of('POST', '/finish', {}),
    of('GET', '/transcript'),
    of('PATCH', `/segments/${segment}`, { expectedRevision: 0, text: 'x' }),
    of('GET', `/segments/${segment}/history`),
    of('POST', '/speakers', { name: 'Me' }),
    of('PATCH', `/speakers/${speaker}`, { name: 'Me' }),
    of('GET', '/export?format=txt'),
  ];
}

async function stateOfOwner(): Promise<unknown> {
  return [(await stack.people.owner.recording(written.id)).body, await stack.people.owner.transcript(written.id)];
}

describe('routes', () => {
  it('are all listed here', async () => {
    const document = (await stack.people.nobody.get<{ paths: Record<string, object> }>('/api/openapi.json')).body;
    const known = routes().map(({ method, path }) => `${method} ${path('{id}').split('?')[0]}`.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '{}'));
    const served = Object.entries(document.paths)
      .filter(([path]) => path.startsWith('/api/recordings'))
      .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(?!id\})\w+\}/g, '{}')}`));
    expect(served.sort()).toEqual(known.sort());
  });

  it('show another clinician nothing: as if the recording did not exist', async () => {
    const before = await stateOfOwner();
    for (const { method, path, body, ofOne } of routes()) {
      if (!ofOne) continue;
      const foreign = await stack.people.intruder.send(method, path(written.id), body);
      const missing = await stack.people.intruder.send(method, path(UNKNOWN), body);
      expect([method, path('x'), foreign.status]).toEqual([method, path('x'), 404]);
      expect(withoutRequest(foreign.body)).toEqual(withoutRequest(missing.body));
    }
    expect(await stateOfOwner()).toEqual(before);
  });

  it('show an admin nothing: who runs a practice does not read its sessions', async () => {
    for (const { method, path, body } of routes()) {
      expect([method, path('x'), (await stack.people.admin.send(method, path(written.id), body)).status]).toEqual([method, path('x'), 403]);
    }
  });

  it('show nothing without a token, or with one that was tampered with', async () => {
    const token = stack.people.owner.token ?? '';
    const [head, , signature] = token.split('.');
    const claims = Buffer.from(JSON.stringify({ sub: stack.people.owner.userId, role: 'clinician', exp: 4e9 })).toString('base64url');
    const broken = [null, 'nonsense', `${head}.${claims}.${signature}`, `${token.slice(0, -3)}AAA`, `${Buffer.from('{"alg":"none"}').toString('base64url')}.${claims}.`];
    for (const bad of broken) {
      const caller = new Caller(stack.url, bad);
      for (const { method, path, body } of routes()) {
        expect([method, path('x'), (await caller.send(method, path(written.id), body)).status]).toEqual([method, path('x'), 401]);
      }
    }
  });

  it('refuse an id that is none', async () => {
    for (const { method, path, body, ofOne } of routes()) {
      if (!ofOne) continue;
      expect((await stack.people.owner.send(method, path('not-an-id'), body)).status).toBe(400);
    }
  });
});

describe('rooms', () => {
  it('let nobody in but the owner', async () => {
    const [owner, intruder, admin] = await Promise.all([stack.people.owner, stack.people.intruder, stack.people.admin].map((who) => Watcher.connect(who)));
    if (!owner || !intruder || !admin) throw new Error('A socket is missing');
    expect(await intruder.ask('transcript:watch', { recordingId: written.id })).toMatchObject({ ok: false, problem: { code: 'not-found' } });
    expect(await intruder.ask('transcript:watch', { recordingId: UNKNOWN })).toMatchObject({ ok: false, problem: { code: 'not-found' } });
    expect(await admin.ask('transcript:watch', { recordingId: written.id })).toMatchObject({ ok: false, problem: { code: 'forbidden' } });
    expect(await owner.ask('transcript:watch', { recordingId: written.id })).toEqual({ ok: true });
    await stack.people.owner.patch(`/api/recordings/${written.id}`, { title: 'Seen by the owner' });
    await stack.people.owner.patch(`/api/recordings/${written.id}/speakers/${written.speakers[0]?.id}`, { name: 'Ann' });
    await owner.event('transcript:speakers');
    await owner.event('recording:changed');
    // What the others get after it has come as well: were the earlier events theirs, they would stand before this one.
    for (const other of [stack.people.intruder, stack.people.admin]) {
      stack.get(TranscriptAnnouncements).deleted({ ownerId: other.userId ?? '', id: UNKNOWN });
    }
    await Promise.all([intruder.event('recording:deleted'), admin.event('recording:deleted')]);
    for (const other of [intruder, admin]) {
      expect(other.all('recording:changed')).toEqual([]);
      expect(other.all('transcript:speakers')).toEqual([]);
    }
    for (const socket of [owner, intruder, admin]) socket.close();
  });

  it('stop sending to whoever leaves', async () => {
    const page = await Watcher.connect(stack.people.owner);
    await page.ask('transcript:watch', { recordingId: written.id });
    expect(await page.ask('transcript:unwatch', { recordingId: written.id })).toEqual({ ok: true });
    await stack.people.owner.post(`/api/recordings/${written.id}/speakers`, { name: 'Unseen' });
    await stack.people.owner.patch(`/api/recordings/${written.id}`, { title: 'After' });
    await page.event('recording:changed', ({ recording }) => recording.title === 'After');
    expect(page.all('transcript:speakers')).toEqual([]);
    page.close();
  });

  it('answer a request that is wrong instead of letting the page wait', async () => {
    const page = await Watcher.connect(stack.people.owner);
    for (const payload of [undefined, null, {}, { recordingId: 5 }, { recordingId: "'; drop table recording" }, 'x', []]) {
      expect(await page.ask('transcript:watch', payload)).toMatchObject({ ok: false, problem: { code: 'request-invalid' } });
    }
    page.close();
  });

  it('take no socket without a token', async () => {
    await expect(Watcher.connect(stack.people.nobody)).rejects.toBeDefined();
    await expect(Watcher.connect(new Caller(stack.url, 'forged.token.here'))).rejects.toBeDefined();
  });
});

function withoutRequest(problem: unknown): unknown {
  return { ...(problem as object), requestId: undefined };
}
