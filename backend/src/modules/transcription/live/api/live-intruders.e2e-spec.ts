import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Refusal } from '@auscult/contracts';
import { Caller } from '../../../../../test/transcription/caller.js';
import { LiveSender, codeOf, patternedFrames } from '../../../../../test/transcription/live-sender.js';
import { TranscriptionStack } from '../../../../../test/transcription/transcription-stack.js';
import { LiveAudioStream } from '../live-audio-stream.js';

let stack: TranscriptionStack;
let sender: LiveSender;

beforeAll(async () => {
  stack = await TranscriptionStack.start();
  sender = await LiveSender.begin(stack.people.owner);
  await sender.sendAll(0, 16);
});

afterAll(async () => {
  sender.close();
  await stack.close();
});

/** Everything that somebody could try with a session's id. */
function attempts(who: LiveSender, recordingId: string): [string, () => Promise<{ ok: true } | Refusal>][] {
  const audio = patternedFrames(16, 1);
  return [
    ['live:open', () => who.ask('live:open', { protocol: 1, recordingId, channelCount: 1, source: 'room' })],
    ['live:audio', () => who.ask('live:audio', { recordingId, writer: 1, first: 16, audio })],
    ['live:finish', () => who.ask('live:finish', { recordingId, writer: 1, frames: 16 })],
    ['live:mark', () => who.ask('live:mark', { recordingId, markerId: randomUUID(), kind: 'marker', atMs: 0 })],
    ['live:forget', () => who.ask('live:forget', { recordingId, writer: 1, markerId: randomUUID(), minutes: 5, until: 16 })],
    ['transcript:watch', () => who.ask('transcript:watch', { recordingId })],
  ];
}

async function codesOf(who: LiveSender, recordingId: string, without: readonly string[] = []): Promise<unknown[]> {
  const tried = attempts(who, recordingId).filter(([event]) => !without.includes(event));
  return Promise.all(tried.map(async ([, attempt]) => codeOf(await attempt())));
}

describe('somebody else’s session', () => {
  it('is not there for another clinician, whatever she tries, and looks like one that is missing', async () => {
    const intruder = await LiveSender.connect(stack.people.intruder);
    const theirs = await codesOf(intruder, sender.recordingId);
    expect(theirs).toEqual(Array.from({ length: 6 }, () => 'not-found'));
    expect(await codesOf(intruder, randomUUID(), ['live:open'])).toEqual(Array.from({ length: 5 }, () => 'not-found'));
    const { intruder: caller } = stack.people;
    for (const id of [sender.recordingId, randomUUID()]) {
      expect((await caller.get(`/api/recordings/${id}/markers`)).status).toBe(404);
      expect((await caller.post(`/api/recordings/${id}/finish`)).status).toBe(404);
    }
    intruder.close();
  });

  it('is not there for a clinician who sends one of her own on the same socket', async () => {
    const intruder = await LiveSender.begin(stack.people.intruder);
    expect(codeOf(await intruder.send(0, 1))).toBeNull();
    expect(await codesOf(intruder, sender.recordingId)).toEqual(Array.from({ length: 6 }, () => 'not-found'));
    intruder.close();
  });

  it('is forbidden to an admin', async () => {
    const admin = await LiveSender.connect(stack.people.admin);
    expect(await codesOf(admin, sender.recordingId, ['live:audio'])).toEqual(Array.from({ length: 5 }, () => 'forbidden'));
    // Nobody can send sound who has not opened a session on this socket.
    expect(await codesOf(admin, sender.recordingId, ['live:open', 'live:finish', 'live:mark', 'live:forget', 'transcript:watch'])).toEqual(['not-found']);
    expect((await stack.people.admin.get(`/api/recordings/${sender.recordingId}/markers`)).status).toBe(403);
    expect((await stack.people.admin.post(`/api/recordings/${sender.recordingId}/finish`)).status).toBe(403);
    admin.close();
  });

  it('asks for a token', async () => {
    await expect(LiveSender.connect(stack.people.nobody)).rejects.toMatchObject({ message: 'sign-in-required' });
    expect((await stack.people.nobody.get(`/api/recordings/${sender.recordingId}/markers`)).status).toBe(401);
    expect((await stack.people.nobody.post(`/api/recordings/${sender.recordingId}/finish`)).status).toBe(401);
  });

  it('is unharmed by all of that', async () => {
    expect(await stack.get(LiveAudioStream).state(sender.recordingId)).toMatchObject({ writer: 1, received: 16 });
    expect((await stack.people.owner.recording(sender.recordingId)).body).toMatchObject({ status: 'live', live: { finishing: false } });
    expect(await sender.send(16, 1)).toMatchObject({ ok: true, received: 17 });
  });
});

describe('one’s own session', () => {
  it('takes sound only from a socket that opened it, and only under the number that it was given', async () => {
    const other = await LiveSender.connect(stack.people.owner, sender.recordingId);
    other.writer = sender.writer;
    expect(codeOf(await other.send(17, 1))).toBe('not-found');
    for (const writer of [0, 2, 99]) expect(codeOf(await sender.send(17, 1, { writer }))).toBe(writer === 0 ? 'request-invalid' : 'live-replaced');
    expect(await sender.send(17, 1)).toMatchObject({ received: 18 });
    other.close();
  });

  it('ends for a device whose sign-in has ended', async () => {
    const { email } = await stack.stack.people.add();
    const device = await stack.stack.people.signIn(email);
    const caller = new Caller(stack.url, device.token, device.id);
    const away = await LiveSender.begin(caller);
    expect(codeOf(await away.send(0, 1))).toBeNull();
    const gone = new Promise((resolve) => away.watcher.socket.once('disconnect', resolve));
    await device.send('POST', '/api/auth/sign-out');
    expect(await gone).toBe('io server disconnect');
    await expect(LiveSender.connect(caller, away.recordingId)).rejects.toMatchObject({ message: 'session-ended' });
    const again = await stack.stack.people.signIn(email);
    const back = await LiveSender.connect(new Caller(stack.url, again.token, again.id), away.recordingId);
    expect(await back.open()).toMatchObject({ ok: true, writer: 2, received: 1 });
    back.close();
  });
});
