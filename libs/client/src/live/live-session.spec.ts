import { LIVE_MAX_FRAMES } from '@auscult/contracts';
import { jest } from '@jest/globals';
import type { LiveSessionOptions } from './live-sender.js';
import type { LiveSendState } from './live-send-state.js';
import { LiveSession } from './live-session.js';
import { UnreachableError } from '../errors.js';
import { MemoryFrameSpool } from './memory-frame-spool.js';
import { FakeLiveServer, problem } from './testing/fake-live-server.js';
import { type Fate, FakeNetwork } from './testing/fake-network.js';
import { MemoryCommandStore, SessionHarness, bytesOf, closeSessions, framesOf, quick, soundOf } from './testing/session-harness.js';
import { tone, toneNetwork } from './testing/tone-network.js';

const frame = 1600;
const expectAudio = (server: FakeLiveServer, expected: Uint8Array): void => {
  expect(Buffer.compare(server.audio, expected)).toBe(0);
};

/** A session whose connection was cut, with its next opening on its way to such a fate; everything after that is answered. */
async function reopening(fate: Fate): Promise<SessionHarness> {
  const test = new SessionHarness();
  await test.phase('sending');
  let openings = 0;
  test.network.fate = (event) => (event === 'live:open' && openings++ === 0 ? fate : 'answered');
  test.network.cut();
  test.network.mend();
  while (openings < 1) await new Promise(setImmediate);
  return test;
}

afterEach(closeSessions);

describe('LiveSession', () => {
  it('sends every sample in order and is finished when all is stored', async () => {
    const test = new SessionHarness();
    const sound = soundOf(10 * frame + 321);
    test.session.push(sound.subarray(0, 700));
    test.session.push(bytesOf(sound.subarray(700, 5000)));
    test.session.push(sound.subarray(5000));
    await test.session.finish();
    expect(test.server.end).toBe(11);
    expectAudio(test.server, framesOf(sound));
    expect(test.session.state).toMatchObject({ phase: 'finishing', received: 11, stored: 0, kept: 11, unsent: 0 });
    test.server.store(11);
    expect(await test.phase('finished')).toMatchObject({ stored: 11, kept: 0, problem: null });
    expect(test.spool.size).toBe(0);
    expect(test.network.watches).toBe(1);
  });

  it('sends two channels as they are interleaved', async () => {
    const test = new SessionHarness({ channelCount: 2 });
    const sound = soundOf(5 * frame * 2 + 1000);
    test.session.push(sound);
    await test.session.finish();
    expectAudio(test.server, framesOf(sound, 2));
  });

  it('keeps everything while there is no network and catches up', async () => {
    const test = new SessionHarness();
    const sound = soundOf(100 * frame);
    test.session.push(sound.subarray(0, 10 * frame));
    await test.until((state) => state.received === 10);
    test.network.cut();
    test.session.push(sound.subarray(10 * frame));
    expect(await test.until((state) => state.kept === 100)).toMatchObject({ phase: 'offline', received: 10, unsent: 90 });
    test.network.mend();
    await test.phase('catching-up');
    await test.phase('sending');
    await test.session.finish();
    expectAudio(test.server, framesOf(sound));
    expect(test.server.writer).toBe(2);
  });

  it('sends again what the server has lost and was not stored', async () => {
    const test = new SessionHarness();
    const sound = soundOf(60 * frame);
    test.session.push(sound.subarray(0, 50 * frame));
    await test.until((state) => state.received === 50);
    test.server.store(30);
    await test.until((state) => state.stored === 30);
    test.server.loseUnstored();
    test.session.push(sound.subarray(50 * frame));
    await test.until((state) => state.received === 60);
    expectAudio(test.server, framesOf(sound));
  });

  it('notices without anything to send that the server has lost frames', async () => {
    const test = new SessionHarness();
    const sound = soundOf(20 * frame);
    test.session.push(sound);
    await test.until((state) => state.received === 20);
    test.server.loseUnstored();
    test.server.tell();
    await test.until((state) => state.received < 20);
    await test.until((state) => state.received === 20);
    expectAudio(test.server, framesOf(sound));
  });

  it('also after the end, until all is durable', async () => {
    const test = new SessionHarness();
    const sound = soundOf(20 * frame);
    test.session.push(sound);
    await test.session.finish();
    test.server.loseUnstored();
    expect(test.server.received).toBe(0);
    await test.until((state) => state.received === 0);
    await test.until((state) => state.received === 20);
    expectAudio(test.server, framesOf(sound));
    test.server.store(20);
    await test.phase('finished');
  });

  it('sends no more than the window and goes on when something was stored', async () => {
    const test = new SessionHarness();
    test.session.push(soundOf(1300 * frame));
    await test.until((state) => state.received === 1200);
    expect(test.server.messages.every(({ first, frames }) => first + frames <= 1200)).toBe(true);
    let roomy = false;
    const room = test.session.room().then(() => (roomy = true));
    await Promise.resolve();
    expect(roomy).toBe(false);
    test.server.store(90);
    await room;
    await test.until((state) => state.received === 1290);
    test.server.store(1290);
    await test.until((state) => state.received === 1300);
    expect(test.spool.size).toBeLessThanOrEqual(10);
  });

  it('gathers as many frames as the server asks for, and keeps none of them back', async () => {
    const test = new SessionHarness();
    const sound = soundOf(20 * frame);
    const push = (from: number, until: number) => test.session.push(sound.subarray(from * frame, until * frame));
    push(0, 1);
    await test.until((state) => state.received === 1);
    test.server.gather = 3;
    test.server.tell();
    for (let at = 1; at < 13; at += 1) {
      push(at, at + 1);
      if (at % 3 === 0) await test.until((state) => state.received === at + 1);
    }
    expect(test.server.messages.slice(1).map(({ first, frames }) => [first, frames])).toEqual([[1, 3], [4, 3], [7, 3], [10, 3]]);
    push(13, 15);
    await test.until((state) => state.received === 15);
    push(15, 20);
    await test.session.finish();
    expectAudio(test.server, framesOf(sound));
  });

  const [sound, pause] = [soundOf(frame), new Int16Array(frame)];

  /** One frame of sound has been taken; the server would like so many in a message from now on. */
  async function gathering(frames: number, options: Partial<LiveSessionOptions> = {}): Promise<SessionHarness> {
    const test = new SessionHarness(options);
    test.session.push(sound);
    await test.until((state) => state.received === 1);
    test.server.gather = frames;
    test.server.tell();
    return test;
  }

  it('sends the frames of a pause, and those just after it, at once: an utterance may be over', async () => {
    const test = await gathering(3);
    test.session.push(pause);
    test.session.push(pause);
    await test.until((state) => state.received === 3);
    test.session.push(pause);
    await test.until((state) => state.received === 4);
    test.session.push(sound);
    await test.until((state) => state.received === 5);
    expect(test.server.messages.slice(-2)).toMatchObject([{ first: 3, frames: 1 }, { first: 4, frames: 1 }]);
  });

  it('sends a quarter of what is gathered in a pause', async () => {
    const test = await gathering(8);
    test.session.push(pause);
    test.session.mark();
    while (test.server.marks.size === 0) await new Promise(setImmediate);
    expect(test.server.messages).toHaveLength(1);
    test.session.push(pause);
    await test.until((state) => state.received === 3);
    expect(test.server.messages[1]).toMatchObject({ first: 1, frames: 2 });
  });

  describe('with the voice detector of the server', () => {
    /** Each frame of it is as loud as the voice, so that no pause is heard without the detector. */
    const spoken = Int16Array.from([...tone(10 * frame), ...tone(20 * frame, 3000)]);

    it('gathers what is said, and sends at once what ends an utterance', async () => {
      const test = await gathering(8, { voiceDetector: () => Promise.resolve(toneNetwork()) });
      await new Promise(setImmediate);
      for (const [from, until] of [[0, 8], [8, 13], [13, 16]] as const) {
        for (let at = from; at < until; at += 1) test.session.push(spoken.subarray(at * frame, (at + 1) * frame));
        await test.until((state) => state.received === 1 + until);
      }
      expect(test.server.messages.slice(1).map(({ first, frames }) => [first, frames])).toEqual([[1, 8], [9, 5], [14, 3]]);
    });

    it('asks for it when the server would like several frames in a message, once', async () => {
      const voiceDetector = jest.fn(() => Promise.resolve(toneNetwork()));
      const test = await gathering(1, { voiceDetector });
      test.session.push(sound);
      await test.until((state) => state.received === 2);
      expect(voiceDetector).not.toHaveBeenCalled();
      for (const gather of [3, 8]) {
        test.server.gather = gather;
        test.server.tell();
      }
      expect(voiceDetector).toHaveBeenCalledTimes(1);
    });

    it('asks again when it could not be had, but not where there is none', async () => {
      const answers = [new UnreachableError(), problem('not-found', 404)];
      const voiceDetector = jest.fn(() => Promise.reject(answers.shift() ?? new Error('Asked too often')));
      const test = await gathering(8, { voiceDetector });
      while (answers.length > 0) {
        await new Promise((resolve) => setTimeout(resolve, 1));
        test.server.tell();
      }
      for (let times = 0; times < 10; times += 1) {
        await new Promise((resolve) => setTimeout(resolve, quick.retryMaxMs));
        test.server.tell();
      }
      expect(voiceDetector).toHaveBeenCalledTimes(2);
    });

    it('sends what may be a pause at once while the server does not give it', async () => {
      const test = await gathering(8, { voiceDetector: () => Promise.reject(problem('not-found', 404)) });
      test.session.push(pause);
      test.session.push(pause);
      await test.until((state) => state.received === 3);
      expect(test.server.messages[1]).toMatchObject({ first: 1, frames: 2 });
    });
  });

  it('delivers marks, pauses and the end in order once the network is back, each once', async () => {
    const test = new SessionHarness();
    await test.phase('sending');
    test.network.cut();
    test.session.push(soundOf(10 * frame));
    const marker = test.session.mark(undefined, 'cough');
    const early = test.session.mark(250.4);
    test.session.pause();
    expect(test.session.state.paused).toBe(true);
    test.session.push(soundOf(10 * frame));
    test.session.resume();
    const finished = test.session.finish();
    expect(test.server.marks.size).toBe(0);
    test.network.mend();
    await finished;
    const marks = [...test.server.marks.values()];
    expect(marks.map(({ kind, atMs, label }) => ({ kind, atMs, label }))).toEqual([
      { kind: 'marker', atMs: 1000, label: 'cough' }, { kind: 'marker', atMs: 250, label: undefined }, { kind: 'pause', atMs: 1000, label: undefined },
    ]);
    expect(marks.map(({ markerId }) => markerId).slice(0, 2)).toEqual([marker, early]);
    expect(test.server.end).toBe(18);
  });

  it('ends what is being said with silence when it is paused, once, whatever is pushed meanwhile', async () => {
    const test = new SessionHarness();
    const [before, after] = [soundOf(10 * frame + 700), soundOf(5 * frame, 4_444)];
    test.session.push(before);
    test.session.pause();
    test.session.push(soundOf(20 * frame));
    await test.until((state) => state.received === 19);
    test.session.resume();
    test.session.pause();
    test.session.resume();
    test.session.push(after);
    await test.session.finish();
    const silence = new Uint8Array(8 * frame * 2);
    expectAudio(test.server, Buffer.concat([framesOf(before), silence, bytesOf(after)]));
    expect([...test.server.marks.values()].map(({ atMs }) => atMs)).toEqual([1_043, 1_900]);
  });

  it('puts the last minutes off the record, here at once and on the server', async () => {
    const test = new SessionHarness();
    const sound = soundOf(700 * frame + 500);
    test.session.push(sound);
    await test.until((state) => state.received === 700);
    test.network.cut();
    const id = test.session.forget(1);
    await test.phase('offline');
    expect((await test.spool.read(99, 1)).some((byte) => byte !== 0)).toBe(true);
    expect((await test.spool.read(100, 600)).every((byte) => byte === 0)).toBe(true);
    test.network.mend();
    await test.session.finish();
    expect(test.server.forgets.get(id)).toMatchObject({ minutes: 1, until: 700 });
    sound.fill(0, 100 * frame);
    expectAudio(test.server, framesOf(sound));
  });

  it('lets no sound that was read before it arrive after a request to forget', async () => {
    const test = new SessionHarness();
    const sound = soundOf(64 * frame);
    test.network.fate = (event) => (event === 'live:audio' ? 'late' : 'answered');
    test.session.push(sound);
    await test.phase('catching-up');
    test.session.forget(1);
    test.network.fate = () => 'answered';
    await test.session.finish();
    expectAudio(test.server, new Uint8Array(64 * frame * 2));
  });

  it('stops for good when another sender has taken the session over', async () => {
    const test = new SessionHarness();
    test.session.push(soundOf(5 * frame));
    await test.until((state) => state.received === 5);
    test.server.handle('live:open', { protocol: 1, recordingId: test.session.recordingId, channelCount: 1, source: 'file' });
    test.session.push(soundOf(5 * frame, 5 * frame));
    expect(await test.phase('replaced')).toMatchObject({ problem: { code: 'live-replaced' }, kept: 10 });
    await expect(test.session.finish()).rejects.toMatchObject({ code: 'live-replaced' });
    expect(test.server.writer).toBe(2);
  });

  it('tells who waits for the end why there is none, also where the session is closed as soon as that is known', async () => {
    const server = new FakeLiveServer();
    server.refuse = problem('not-found', 404);
    const made: { session?: LiveSession } = {};
    const onState = ({ phase }: LiveSendState): void => void (phase === 'refused' && made.session?.close());
    made.session = new LiveSession({ realtime: new FakeNetwork(server), recordingId: crypto.randomUUID(), channelCount: 1, source: 'file', onState }, quick);
    await expect(made.session.finish()).rejects.toMatchObject({ code: 'not-found' });
  });

  it('has not ended when it was closed while it was being opened', async () => {
    const test = new SessionHarness();
    while (test.server.opens.length === 0) await new Promise(setImmediate);
    await test.session.close();
    await test.network.quiet();
    await new Promise(setImmediate);
    expect(test.session.state.phase).toBe('connecting');
    await expect(test.session.finish()).rejects.toThrow('closed');
  });

  it('hears of it while it has nothing to send, and does not take the session back after a reconnect', async () => {
    const test = new SessionHarness();
    await test.phase('sending');
    test.network.cut();
    test.server.handle('live:open', { protocol: 1, recordingId: test.session.recordingId, channelCount: 1, source: 'file' });
    test.network.mend();
    await test.phase('replaced');
    expect(test.server.writer).toBe(2);

    const idle = new SessionHarness();
    await idle.phase('sending');
    idle.server.handle('live:open', { protocol: 1, recordingId: idle.session.recordingId, channelCount: 1, source: 'file' });
    idle.server.tell();
    await idle.phase('replaced');
  });

  it('goes on after what it had sent when its own opening arrives late', async () => {
    const test = await reopening('late');
    const sound = soundOf(30 * frame);
    for (let at = 0; at < sound.length; at += frame) {
      test.session.push(sound.subarray(at, at + frame));
      await test.until((state) => state.received === at / frame + 1);
    }
    await test.session.finish();
    expectAudio(test.server, framesOf(sound));
    expect(test.network.restarts).toBe(1);
  });

  it('goes on hours after an opening of its own has arrived whose answer was lost', async () => {
    const test = await reopening('answer-lost');
    // The connection that did not answer is given up, and no other comes about.
    await new Promise<void>((resolve) => (test.network.restart = () => {
      test.network.cut();
      resolve();
    }));
    expect(test.server.writer).toBe(2);
    const { now } = Date;
    Date.now = () => now() + 3_600_000;
    try {
      test.network.mend();
      const sound = soundOf(10 * frame);
      test.session.push(sound);
      await test.session.finish();
      expectAudio(test.server, framesOf(sound));
    } finally {
      Date.now = now;
    }
  });

  it('does not take the session back from another sender, although an opening of its own was lost before', async () => {
    const test = await reopening('request-lost');
    test.server.handle('live:open', { protocol: 1, recordingId: test.session.recordingId, channelCount: 1, source: 'file', sender: crypto.randomUUID() });
    await test.phase('replaced');
    expect(test.server.writer).toBe(2);
  });

  it('waits while the server cannot take it and says why', async () => {
    const test = new SessionHarness();
    await test.phase('sending');
    test.server.refuse = problem('unavailable', 503);
    test.session.push(soundOf(3 * frame));
    expect(await test.phase('offline')).toMatchObject({ problem: { code: 'unavailable' }, kept: 3 });
    test.server.refuse = null;
    expect(await test.until((state) => state.received === 3)).toMatchObject({ phase: 'sending', problem: null });
  });

  it('stops when the server refuses the session, with everything kept', async () => {
    const server = new FakeLiveServer();
    server.refuse = problem('protocol-unsupported', 400);
    const test = new SessionHarness({}, server);
    test.session.push(soundOf(3 * frame));
    expect(await test.phase('refused')).toMatchObject({ problem: { code: 'protocol-unsupported' }, kept: 3 });
    await test.session.room();
  });

  it('drops a marker that the server refuses and goes on', async () => {
    const test = new SessionHarness();
    await test.phase('sending');
    test.server.refuse = problem('request-invalid', 400);
    test.session.mark();
    await test.until((state) => state.problem?.code === 'request-invalid');
    test.server.refuse = null;
    const sound = soundOf(3 * frame);
    test.session.push(sound);
    await test.session.finish();
    expectAudio(test.server, framesOf(sound));
  });

  it('goes on after a reload with what the spool and the store hold', async () => {
    const store = new MemoryCommandStore();
    const test = new SessionHarness({ commands: store });
    await test.phase('sending');
    test.network.cut();
    const sound = soundOf(50 * frame);
    test.session.push(sound.subarray(0, 30 * frame));
    const id = test.session.mark();
    await test.until((state) => state.kept === 30);
    await store.until((commands) => commands.length === 1);
    test.reload();
    expect(test.session.state.kept).toBe(30);
    test.network.mend();
    test.session.push(sound.subarray(30 * frame));
    await test.session.finish();
    expectAudio(test.server, framesOf(sound));
    expect([...test.server.marks.keys()]).toEqual([id]);
    await store.until((commands) => commands.length === 0);
  });

  it('closed after the end was accepted, sends the rest when it is opened again', async () => {
    const test = new SessionHarness();
    const sound = soundOf(40 * frame);
    test.session.push(sound);
    await test.session.finish();
    test.server.loseUnstored();
    const again = test.reload();
    await test.until((state) => state.received === 40);
    expectAudio(test.server, framesOf(sound));
    test.server.store(40);
    await test.phase('finished');
    await again.finish();
  });

  it('appends to what another device has recorded', async () => {
    const test = new SessionHarness();
    const before = soundOf(8 * frame);
    const opened = test.server.handle('live:open', { protocol: 1, recordingId: test.session.recordingId, channelCount: 1, source: 'room' });
    test.server.handle('live:audio', { recordingId: test.session.recordingId, writer: opened.writer, first: 0, audio: bytesOf(before) });
    const after = soundOf(4 * frame, 9999);
    test.session.push(after);
    test.session.mark();
    await test.session.finish();
    expectAudio(test.server, Buffer.concat([bytesOf(before), bytesOf(after)]));
    expect([...test.server.marks.values()][0]?.atMs).toBe(1200);
    expect(test.server.end).toBe(12);
  });

  const elsewhere = soundOf(20 * frame, 5_555);

  /** Ten frames were sent and `kept` more were not, when another device took the session over and recorded twenty. */
  async function takenOver(kept: Int16Array, commands = new MemoryCommandStore()): Promise<SessionHarness> {
    const test = new SessionHarness({ sender: crypto.randomUUID(), commands });
    test.session.push(soundOf(10 * frame));
    await test.until((state) => state.received === 10);
    test.network.cut();
    test.session.push(kept);
    const other = test.server.handle('live:open', { protocol: 1, recordingId: test.session.recordingId, channelCount: 1, source: 'room', sender: crypto.randomUUID() });
    for (let at = 0; at < 20; at += 5) {
      test.server.handle('live:audio', { recordingId: test.session.recordingId, writer: other.writer, first: 10 + at, audio: bytesOf(elsewhere.subarray(at * frame, (at + 5) * frame)) });
    }
    return test;
  }

  it.each([60, 5])('puts the %i frames that it kept behind those of a device that had the session meanwhile', async (count) => {
    const kept = soundOf(count * frame, 777);
    const test = await takenOver(kept);
    test.session.mark();
    test.network.mend();
    await test.phase('replaced');
    test.reload();
    await test.until((state) => state.received === 30 + count);
    const all = Buffer.concat([bytesOf(soundOf(10 * frame)), bytesOf(elsewhere), bytesOf(kept)]);
    expectAudio(test.server, all);
    expect([...test.server.marks.values()][0]?.atMs).toBe(3000 + count * 100);
    // It has moved: another page load moves nothing.
    test.reload();
    const more = soundOf(2 * frame, 999);
    test.session.push(more);
    await test.session.finish();
    expectAudio(test.server, Buffer.concat([all, bytesOf(more)]));
    expect(test.server.end).toBe(32 + count);
  });

  it('forgets on both sides of what another device has recorded meanwhile', async () => {
    const commands = new MemoryCommandStore();
    const test = await takenOver(soundOf(8 * frame, 777), commands);
    test.session.forget(1);
    await commands.until((waiting) => waiting.length === 1);
    test.reload();
    test.network.mend();
    await test.session.finish();
    expect([...test.server.forgets.values()].map(({ minutes, until }) => [minutes, until])).toEqual([[1, 10], [1, 38]]);
    expect(test.server.forgets.size).toBe(2);
    expectAudio(test.server, new Uint8Array(38 * frame * 2));
  });

  it.each([60, 5])('keeps the %i frames behind what another device made of the session, where that has ended it meanwhile', async (count) => {
    const kept = soundOf(count * frame, 777);
    const test = await takenOver(kept);
    test.server.end = 30;
    test.server.store(30);
    test.network.mend();
    expect(await test.phase('refused')).toMatchObject({ received: 30, unsent: count, problem: { code: 'live-ended' } });
    await test.session.close();
    expect(Buffer.compare(await test.spool.read(30, count + 1), bytesOf(kept))).toBe(0);
    // After a reload as well.
    test.reload();
    expect(await test.phase('refused')).toMatchObject({ received: 30, unsent: count, problem: { code: 'live-ended' } });
  });

  it.each([60, 5])('moves the %i frames behind those of the other device once more, where it was replaced before it could send them', async (count) => {
    const kept = soundOf(count * frame, 777);
    const commands = new MemoryCommandStore();
    const test = await takenOver(kept, commands);
    test.session.mark();
    await commands.until((waiting) => waiting.length === 1);
    // It comes back and moves them; the other takes the session before anything of them was sent.
    const { handle } = test.server;
    test.server.handle = (event, payload) => {
      if (event === 'live:audio') throw new UnreachableError();
      return handle.call(test.server, event, payload) as never;
    };
    test.reload();
    test.network.mend();
    await test.until(({ received }) => received === 30);
    await test.session.close();
    test.server.handle = handle;
    const { recordingId } = test.session;
    const { writer } = test.server.handle('live:open', { protocol: 1, recordingId, channelCount: 1, source: 'room', sender: test.server.opens[1]?.sender });
    for (let at = 0; at < 20; at += 5) test.server.handle('live:audio', { recordingId, writer, first: 30 + at, audio: bytesOf(elsewhere.subarray(at * frame, (at + 5) * frame)) });
    test.reload();
    await test.session.finish();
    expectAudio(test.server, Buffer.concat([bytesOf(soundOf(10 * frame)), bytesOf(elsewhere), bytesOf(elsewhere), bytesOf(kept)]));
    expect([...test.server.marks.values()][0]?.atMs).toBe(5000 + count * 100);
  });

  it('leaves what was said about sound behind the end to whoever sends that, and says only of what the server has that it is not off the record', async () => {
    const commands = new MemoryCommandStore();
    const test = await takenOver(soundOf(700 * frame, 777), commands);
    test.session.mark();
    test.session.forget(1);
    test.server.end = 30;
    test.server.store(30);
    test.network.mend();
    expect(await test.phase('refused')).toMatchObject({ received: 30, unsent: 700, forgetting: 1, unforgotten: 0 });
    await test.session.close();
    expect(test.server.marks.size).toBe(0);
    expect((await commands.load()).map((command) => (command.kind === 'mark' ? command.mark.atMs : command.kind === 'forget' && command.forget.until))).toEqual([73_000, 730]);
  });

  it('moves nothing of what it sent after it came back before another device had sent something', async () => {
    const test = new SessionHarness({ sender: crypto.randomUUID() });
    const sound = soundOf(30 * frame);
    test.session.push(sound.subarray(0, 10 * frame));
    await test.until((state) => state.received === 10);
    test.server.handle('live:open', { protocol: 1, recordingId: test.session.recordingId, channelCount: 1, source: 'room', sender: crypto.randomUUID() });
    test.reload().push(sound.subarray(10 * frame, 20 * frame));
    await test.until((state) => state.received === 20);
    test.reload().push(sound.subarray(20 * frame));
    await test.session.finish();
    expectAudio(test.server, bytesOf(sound));
  });

  it('gives way to a device that has the session, where it is told to', async () => {
    const test = new SessionHarness({ yields: true });
    await test.phase('sending');
    expect(test.server.opens).toMatchObject([{ yields: true }]);
  });

  it('says that it knows the session, so that one that was deleted is not begun anew', async () => {
    const test = new SessionHarness({ known: true });
    await test.phase('sending');
    expect(test.server.opens).toMatchObject([{ known: true }]);
    test.network.cut();
    test.network.mend();
    await test.until((state) => state.phase === 'sending' && test.server.opens.length === 2);
    expect(test.server.opens[1]).toMatchObject({ after: 1 });
  });

  it('holds a program while it is signed out and something is undelivered, and goes on after a sign-in', async () => {
    const test = new SessionHarness();
    const sound = soundOf(10 * frame);
    test.session.push(sound.subarray(0, 5 * frame));
    await test.until((state) => state.received === 5);
    test.server.store(5);
    await test.until((state) => state.stored === 5);
    const timers = jest.spyOn(globalThis, 'setTimeout');
    const holds = () => timers.mock.calls.filter(([, ms]) => ms === quick.retryMaxMs).length;
    test.network.signOut();
    expect(test.session.state).toMatchObject({ phase: 'offline', problem: { code: 'sign-in-required' } });
    await new Promise(setImmediate);
    expect(holds()).toBe(0);
    test.session.push(sound.subarray(5 * frame));
    while (holds() < 3) await new Promise(setImmediate);
    timers.mockRestore();
    test.network.mend();
    await test.session.finish();
    expectAudio(test.server, framesOf(sound));
  });

  it('is over when somebody ended the session elsewhere and it has nothing left, and says so when it has', async () => {
    const test = new SessionHarness();
    test.session.push(soundOf(5 * frame));
    await test.until((state) => state.received === 5);
    test.server.end = 5;
    test.server.store(5);
    test.session.push(soundOf(5 * frame, 5 * frame));
    expect(await test.phase('refused')).toMatchObject({ problem: { code: 'live-ended' }, kept: 5 });

    const server = new FakeLiveServer();
    server.refuse = problem('live-ended', 409);
    await new SessionHarness({}, server).phase('finished');
  });

  it('says for good that something is not off the record which the server does not take, or did not hear before the end', async () => {
    const test = new SessionHarness();
    const { handle } = test.server;
    test.server.handle = (event, payload) => {
      if (event === 'live:forget') throw problem('live-ended', 409);
      return handle.call(test.server, event, payload) as never;
    };
    test.session.push(soundOf(5 * frame));
    test.session.forget(1);
    await test.session.finish();
    test.server.store(5);
    expect(await test.phase('finished')).toMatchObject({ unforgotten: 1, problem: null });

    const ended = new FakeLiveServer();
    ended.refuse = problem('live-ended', 409);
    const late = new SessionHarness({}, ended);
    late.session.forget(1);
    expect(await late.phase('finished')).toMatchObject({ unforgotten: 1 });

    const deleted = new FakeLiveServer();
    deleted.refuse = problem('not-found', 404);
    const gone = new SessionHarness({}, deleted);
    gone.session.forget(1);
    expect(await gone.phase('refused')).toMatchObject({ unforgotten: 0 });
  });

  it('marks a pause where the sound stops, also when that has moved, with the length from when it is told', async () => {
    const test = await takenOver(soundOf(8 * frame, 777));
    test.reload();
    test.session.pause(Date.now() - 60_000);
    test.network.mend();
    await test.until((state) => state.received === 38);
    test.session.resume();
    await test.session.finish();
    const [pause] = [...test.server.marks.values()];
    expect(pause).toMatchObject({ kind: 'pause', atMs: 3_800 });
    expect(pause?.durationMs).toBeGreaterThanOrEqual(60_000);
    expect(pause?.durationMs).toBeLessThan(70_000);
  });

  it('holds frames in memory while the spool refuses them', async () => {
    const spool = new FailingSpool(3200);
    const test = new SessionHarness({ spool });
    await test.phase('sending');
    spool.broken = true;
    const sound = soundOf(5 * frame);
    test.session.push(sound.subarray(0, 2 * frame));
    await test.until((state) => state.problem?.code === 'spool-failed');
    test.session.push(sound.subarray(2 * frame));
    spool.broken = false;
    await test.session.finish();
    expectAudio(test.server, framesOf(sound));
    expect(test.session.state.problem).toBeNull();
  });

  it('keeps the sound behind a silence that the storage refuses while the session is closed', async () => {
    const spool = new SlowSpool(3200);
    const test = new SessionHarness({ spool });
    const sound = soundOf(8 * frame);
    test.session.push(sound.subarray(0, 5 * frame));
    await new Promise(setImmediate);
    spool.slow = 'silence';
    test.session.forget(1);
    test.session.push(sound.subarray(5 * frame));
    while (!spool.isWaiting) await new Promise(setImmediate);
    const closed = test.session.close();
    spool.refuse();
    await closed;
    expect(Buffer.compare(await spool.read(5, 4), bytesOf(sound.subarray(5 * frame)))).toBe(0);
  });

  it('gives no sound the numbers of sound that the storage refuses while the session is closed, and silences what it has', async () => {
    const spool = new SlowSpool(3200);
    const test = new SessionHarness({ spool });
    test.session.push(soundOf(5 * frame));
    await new Promise(setImmediate);
    spool.slow = 'append';
    test.session.push(soundOf(2 * frame));
    test.session.forget(1);
    test.session.push(soundOf(3 * frame));
    while (!spool.isWaiting) await new Promise(setImmediate);
    const closed = test.session.close();
    spool.refuse();
    await closed;
    expect(spool.next).toBe(5);
    expect(Buffer.compare(await spool.read(0, 5), new Uint8Array(5 * frame * 2))).toBe(0);
  });

  it('says that what was kept cannot be read, and goes on when it can', async () => {
    const commands = new MemoryCommandStore();
    await commands.save([{ kind: 'mark', mark: { markerId: 'kept', kind: 'marker', atMs: 0 } }]);
    let readable = false;
    const store = { save: commands.save.bind(commands), load: () => (readable ? commands.load() : Promise.reject(new Error('Not readable'))) };
    const test = new SessionHarness({ commands: store });
    expect(await test.until(({ problem }) => problem !== null)).toMatchObject({ phase: 'connecting', problem: { code: 'spool-failed' } });
    expect(test.server.opens).toEqual([]);
    readable = true;
    await test.until(({ phase, problem }) => phase === 'sending' && problem === null);
    await test.session.finish();
    expect([...test.server.marks.keys()]).toEqual(['kept']);
  });

  it('silences what an earlier page load put off the record and could not silence any more', async () => {
    const commands = new MemoryCommandStore();
    await commands.save([{ kind: 'forget', forget: { markerId: crypto.randomUUID(), minutes: 1, until: 640 } }]);
    const spool = new MemoryFrameSpool(3200);
    const sound = soundOf(700 * frame);
    await spool.append(0, bytesOf(sound));
    const ended = new FakeLiveServer();
    ended.refuse = problem('live-ended', 409);
    const test = new SessionHarness({ spool, commands }, ended);
    await test.phase('refused');
    await test.session.close();
    sound.fill(0, 40 * frame, 640 * frame);
    expect(Buffer.compare(await spool.read(0, 700), bytesOf(sound))).toBe(0);
  });

  it('puts something off the record and goes on where the storage does not take its silence', async () => {
    const spool = new FailingSpool(3200);
    const test = new SessionHarness({ spool });
    await test.phase('sending');
    test.network.cut();
    const sound = soundOf(30 * frame);
    test.session.push(sound);
    spool.silences = false;
    test.session.forget(1);
    expect(test.session.state.forgetting).toBe(1);
    test.network.mend();
    await test.until(({ received, forgetting }) => received === 30 && forgetting === 0);
    test.session.push(soundOf(5 * frame, 777));
    await test.until(({ received }) => received === 35);
    expectAudio(test.server, Buffer.concat([new Uint8Array(30 * frame * 2), bytesOf(soundOf(5 * frame, 777))]));
    spool.silences = true;
    await test.session.finish();
    await test.session.close();
    expect(Buffer.compare(await spool.read(0, 30), new Uint8Array(30 * frame * 2))).toBe(0);
  });

  it('ends itself at the longest length', async () => {
    const spool = new MemoryFrameSpool(3200);
    await spool.append(LIVE_MAX_FRAMES - 2, new Uint8Array(0));
    const test = new SessionHarness({ spool });
    test.session.push(soundOf(3 * frame));
    expect(test.session.state.problem?.code).toBe('too-long');
    expect(spool.next).toBeLessThanOrEqual(LIVE_MAX_FRAMES);
    expect(test.session.positionMs).toBe(LIVE_MAX_FRAMES * 100);
    void test.session.close();
    await expect(test.session.finish()).rejects.toThrow('closed');
  });

  it('ends itself at the longest length with sound that is left over from it, and has all of it taken', async () => {
    const before = LIVE_MAX_FRAMES - 2;
    const spool = new MemoryFrameSpool(3200);
    await spool.append(before, new Uint8Array(0));
    const test = new SessionHarness({ spool });
    const { handle } = test.server;
    let audio = 0;
    test.server.handle = (event, payload) => {
      const { first, audio: sound, frames } = payload as { first: number; audio: Uint8Array; frames: number };
      if (event === 'live:finish' && frames > LIVE_MAX_FRAMES) throw problem('request-invalid', 400);
      if (event === 'live:open') return { ...handle.call(test.server, event, payload), received: before, stored: before } as never;
      if (event !== 'live:audio') return handle.call(test.server, event, payload) as never;
      audio = Math.max(audio, first + sound.length / 3200);
      return { ok: true, received: audio, stored: audio } as never;
    };
    test.session.push(soundOf(2 * frame + 500));
    await test.session.finish();
    expect(await test.phase('finished')).toMatchObject({ received: LIVE_MAX_FRAMES, stored: LIVE_MAX_FRAMES, unsent: 0, problem: { code: 'too-long' } });
    expect(test.server.end).toBe(LIVE_MAX_FRAMES);
  });
});

/** A spool one operation of which waits until it is refused. */
class SlowSpool extends MemoryFrameSpool {
  slow: 'append' | 'silence' | null = null;
  isWaiting = false;
  refuse: () => void = () => undefined;

  override silence(from: number, until: number): Promise<void> {
    return this.#isSlow('silence') ?? super.silence(from, until);
  }

  override append(first: number, frames: Uint8Array, anew?: boolean): Promise<void> {
    return this.#isSlow('append') ?? super.append(first, frames, anew);
  }

  #isSlow(operation: 'append' | 'silence'): Promise<void> | null {
    if (this.slow !== operation) return null;
    this.slow = null;
    this.isWaiting = true;
    return new Promise((_, reject) => (this.refuse = () => reject(new Error('The disk is full'))));
  }
}

class FailingSpool extends MemoryFrameSpool {
  broken = false;
  silences = true;

  override async silence(from: number, until: number): Promise<void> {
    if (!this.silences) throw new Error('The disk is full');
    await super.silence(from, until);
  }

  override async append(first: number, frames: Uint8Array, anew?: boolean): Promise<void> {
    if (this.broken) throw new Error('The disk is full');
    await super.append(first, frames, anew);
  }
}
