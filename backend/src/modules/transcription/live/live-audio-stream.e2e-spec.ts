import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LIVE_WINDOW_FRAMES } from '@auscult/contracts';
import type { Redis } from 'ioredis';
import { OwnRedis, TestStack, eventually } from '../../../../test/index.js';
import { framesFrom } from '../../../../test/transcription/live-frames.js';
import { patternedFrames } from '../../../../test/transcription/live-sender.js';
import { RedisConnections } from '../../../platform/redis/index.js';
import { LiveAudioStream, type LiveFrames } from './live-audio-stream.js';
import { liveKeys } from './live-keys.js';

let redis: OwnRedis;
let stack: TestStack;
let stream: LiveAudioStream;
let reader: Redis;

beforeAll(async () => {
  redis = await OwnRedis.start();
  stack = await TestStack.start({ redisUrl: redis.url });
  stream = stack.api.get<LiveAudioStream>(LiveAudioStream, { strict: false });
  reader = stack.api.get(RedisConnections).open();
});

afterAll(async () => {
  await stack.close();
  await redis.kill();
});

async function begun(channelCount = 1): Promise<string> {
  const id = randomUUID();
  await stream.begin(id, { writer: 1, received: 0, stored: 0, channelCount });
  return id;
}

const send = (id: string, first: number, frames: number, writer = 1, channelCount = 1) =>
  stream.append(id, writer, first, patternedFrames(first, frames, channelCount), channelCount);

/** Sends frames 0 to `until` - 1 in messages of `size` frames. */
async function filled(until: number, size = 8): Promise<string> {
  const id = await begun();
  for (let at = 0; at < until; at += size) await send(id, at, Math.min(size, until - at));
  return id;
}

async function readAll(id: string, from = 0): Promise<LiveFrames[]> {
  const all: LiveFrames[] = [];
  for (let at = from; ; ) {
    const found = await framesFrom(stream, reader, id, at);
    const last = found.at(-1);
    if (!last) return all;
    all.push(...found);
    at = last.first + last.frames;
  }
}

const places = (found: readonly LiveFrames[]) => found.map(({ first, frames }) => [first, frames]);

function expectPattern(found: readonly LiveFrames[], channelCount = 1): void {
  for (const { first, frames, audio } of found) expect(audio.equals(patternedFrames(first, frames, channelCount))).toBe(true);
}

describe('what is appended', () => {
  it('is read back in order, in one and in two channels', async () => {
    for (const channelCount of [1, 2]) {
      const id = await begun(channelCount);
      expect(await send(id, 0, 3, 1, channelCount)).toEqual({ outcome: 'taken', received: 3, stored: 0 });
      expect(await send(id, 3, 8, 1, channelCount)).toEqual({ outcome: 'taken', received: 11, stored: 0 });
      const found = await readAll(id);
      expect(places(found)).toEqual([[0, 3], [3, 8]]);
      expectPattern(found, channelCount);
    }
  });

  it('is not asked for where it is durable, though the state was made of a row that was a moment old', async () => {
    const id = randomUUID();
    await stream.begin(id, { writer: 1, received: 5, stored: 5, channelCount: 1 });
    await stream.stored(id, 9);
    expect(await stream.state(id)).toMatchObject({ received: 9, stored: 9 });
    expect(await send(id, 9, 3)).toEqual({ outcome: 'taken', received: 12, stored: 9 });
    await stream.begin(id, { writer: 2, received: 0, stored: 14, channelCount: 1 });
    expect(await stream.state(id)).toMatchObject({ received: 14, stored: 14 });
  });

  it('counts once when it is sent twice, also when only a part is known', async () => {
    const id = await filled(8);
    expect(await send(id, 0, 8)).toEqual({ outcome: 'taken', received: 8, stored: 0 });
    expect(await send(id, 5, 8)).toEqual({ outcome: 'taken', received: 13, stored: 0 });
    const found = await readAll(id);
    expect(places(found)).toEqual([[0, 8], [8, 5]]);
    expectPattern(found);
  });

  it('is not taken after a gap', async () => {
    const id = await filled(4);
    expect(await send(id, 5, 2)).toEqual({ outcome: 'taken', received: 4, stored: 0 });
    expect(places(await readAll(id))).toEqual([[0, 4]]);
  });

  it('comes out whole when many messages are on the way at once, some again, some too early', async () => {
    const id = await begun();
    const firsts = Array.from({ length: 10 }, (_, at) => at * 3);
    const shuffled = firsts.flatMap((first) => (first % 2 === 0 ? [first + 3, first, first] : [first]));
    for (let sent = 0; sent < 30; ) {
      const answers = await Promise.all(shuffled.map((first) => send(id, first, 5)));
      sent = Math.max(...answers.map(({ received }) => received));
    }
    const found = await readAll(id);
    expectPattern(found);
    expect(found.reduce((end, { first, frames }) => (first === end ? end + frames : -1), 0)).toBeGreaterThanOrEqual(30);
  });

  it('waits when two minutes are not stored, and is taken when they are', async () => {
    const id = await filled(LIVE_WINDOW_FRAMES);
    expect(await send(id, LIVE_WINDOW_FRAMES, 1)).toMatchObject({ received: LIVE_WINDOW_FRAMES, stored: 0 });
    await stream.stored(id, 10);
    expect(await send(id, LIVE_WINDOW_FRAMES, 8)).toEqual({ outcome: 'taken', received: LIVE_WINDOW_FRAMES + 8, stored: 10 });
  });

  it('ends where the sender said', async () => {
    const id = await filled(8);
    await stream.begin(id, { writer: 1, received: 0, stored: 0, channelCount: 1, end: 10 });
    expect(await send(id, 8, 8)).toMatchObject({ outcome: 'taken', received: 10 });
    expect(await send(id, 10, 8)).toMatchObject({ outcome: 'taken', received: 10 });
    expect(places(await readAll(id))).toEqual([[0, 8], [8, 2]]);
  });

  it('lies in Redis sealed: no stretch of the sound is found there, and it opens nowhere else', async () => {
    const id = await filled(8);
    const key = stack.api.get(RedisConnections).key('live', id, 'audio');
    const [entry] = await reader.xrangeBuffer(key, '-', '+');
    const sealed = Buffer.from(entry?.[1][3] ?? []);
    expect(sealed.length).toBe(8 * 3200 + 28);
    const plain = Buffer.from(patternedFrames(0, 8));
    for (let at = 0; at + 16 <= plain.length; at += 64) expect(sealed.includes(plain.subarray(at, at + 16))).toBe(false);
    const other = await begun();
    await reader.xadd(stack.api.get(RedisConnections).key('live', other, 'audio'), '1-0', 'n', 8, 'a', sealed);
    await expect(framesFrom(stream, reader, other, 0)).rejects.toMatchObject({ name: 'FramesDamagedError' });
  });
});

describe('a writer', () => {
  it('is refused once another has begun, and a late begin does not bring it back', async () => {
    const id = await filled(4);
    await stream.begin(id, { writer: 2, received: 0, stored: 0, channelCount: 1 });
    expect(await send(id, 4, 1)).toEqual({ outcome: 'replaced', received: 4, stored: 0 });
    await stream.begin(id, { writer: 1, received: 0, stored: 0, channelCount: 1 });
    expect(await send(id, 4, 1)).toMatchObject({ outcome: 'replaced' });
    expect(await send(id, 4, 1, 2)).toMatchObject({ outcome: 'taken', received: 5 });
    expect(await stream.state(id)).toMatchObject({ writer: 2, received: 5, stored: 0, channelCount: 1 });
  });

  it('is known of several sessions at once, and not of those that Redis does not know', async () => {
    const [one, other] = [await filled(4), await filled(8)];
    const states = await stream.states([one, randomUUID(), other]);
    expect(states.map((state) => state?.received ?? null)).toEqual([4, null, 8]);
  });

  it('is kept as long as its state, also of a session that is opened again and again and sends nothing', async () => {
    const id = await filled(8);
    const { audio, state } = liveKeys(stack.api.get(RedisConnections), id);
    await Promise.all([reader.expire(audio, 10), reader.expire(state, 10)]);
    await stream.begin(id, { writer: 2, received: 0, stored: 0, channelCount: 1 });
    expect(await reader.ttl(audio)).toBeGreaterThan(10);
    expect(await reader.ttl(state)).toBeGreaterThan(10);
  });

  it('of a session that Redis does not know is told so', async () => {
    expect(await send(randomUUID(), 0, 1)).toMatchObject({ outcome: 'unknown' });
    expect(await stream.state(randomUUID())).toBeNull();
  });
});

describe('what is stored', () => {
  it('is trimmed, but not a message of which a part is still needed', async () => {
    const id = await filled(32);
    await stream.stored(id, 20);
    expect(await stream.state(id)).toMatchObject({ stored: 20, received: 32 });
    const found = await framesFrom(stream, reader, id, 20);
    expect(places(found)).toEqual([[16, 8], [24, 8]]);
    expect(places(await framesFrom(stream, reader, id, 0))).toEqual([[16, 8], [24, 8]]);
    await stream.stored(id, 15);
    expect(await stream.state(id)).toMatchObject({ stored: 20 });
  });

  it('of a session that is gone leaves nothing behind', async () => {
    const id = await filled(8);
    await stream.remove(id);
    await stream.stored(id, 8);
    expect(await stream.state(id)).toBeNull();
    expect(await readAll(id)).toEqual([]);
  });
});

describe('what is forgotten', () => {
  it('is gone exactly: messages that reach over an end keep the rest', async () => {
    const id = await filled(40);
    expect(await stream.forget(id, 5, 21)).toEqual({ from: 5 });
    const found = await readAll(id);
    expect(places(found)).toEqual([[0, 5], [21, 3], [24, 8], [32, 8]]);
    expectPattern(found);
    expect(await send(id, 40, 2)).toMatchObject({ outcome: 'taken', received: 42 });
    expect(places(await framesFrom(stream, reader, id, 40))).toEqual([[40, 2]]);
  });

  it('may lie inside one message, and be everything', async () => {
    const id = await filled(8);
    await stream.forget(id, 2, 4);
    expect(places(await readAll(id))).toEqual([[0, 2], [4, 4]]);
    expect(places(await framesFrom(stream, reader, id, 4))).toEqual([[4, 4]]);
    await stream.forget(id, 0, 100);
    expect(await framesFrom(stream, reader, id, 0)).toEqual([]);
    expect(await send(id, 8, 2)).toMatchObject({ outcome: 'taken', received: 10 });
    expect(places(await framesFrom(stream, reader, id, 8))).toEqual([[8, 2]]);
  });

  it('is nothing of what another sender has sent since', async () => {
    const id = await filled(16);
    const begun = { sentBy: null, received: 0, stored: 0, channelCount: 1 };
    await stream.begin(id, { ...begun, writer: 2, sender: 'other', before: null });
    expect(await send(id, 16, 8, 2)).toMatchObject({ outcome: 'taken', received: 24 });
    await stream.forget(id, 4, 100);
    expect(places(await readAll(id))).toEqual([[0, 4], [16, 8]]);
    await stream.forget(id, 2, 100, 'other');
    expect(places(await readAll(id))).toEqual([[0, 2]]);
  });

  it('does not come back when sound is sent at the same moment', async () => {
    const id = await filled(16);
    await Promise.all([stream.forget(id, 4, 30), ...[16, 20, 24, 28, 32].map((first) => send(id, first, 4))]);
    const found = await readAll(id, 30);
    expect(found.reduce((end, { first, frames }) => (first <= end ? first + frames : -1), 30)).toBe(36);
    expectPattern(found);
  });
});

describe('an announcement', () => {
  it('reaches who listens, until it stops listening', async () => {
    const heard: string[] = [];
    const stop = stream.onAnnounced((id) => heard.push(id));
    const id = randomUUID();
    await eventually(() => {
      stream.announce(id);
      return heard.includes(id);
    });
    stop();
    const other = randomUUID();
    const later: string[] = [];
    const stopLater = stream.onAnnounced((known) => later.push(known));
    await eventually(() => {
      stream.announce(other);
      return later.includes(other);
    });
    stopLater();
    expect(heard).not.toContain(other);
  });
});

describe('when Redis goes and comes back empty', () => {
  it('says so quickly, and begins anew with another incarnation', async () => {
    const id = await filled(8);
    const before = await stream.state(id);
    await redis.kill();
    const asked = performance.now();
    const refused = expect.objectContaining({ code: 'unavailable' });
    await expect(send(id, 8, 1)).rejects.toEqual(refused);
    await expect(stream.state(id)).rejects.toEqual(refused);
    await expect(stream.begin(id, { writer: 1, received: 0, stored: 0, channelCount: 1 })).rejects.toEqual(refused);
    expect(performance.now() - asked).toBeLessThan(5_000);
    await redis.start();
    expect(await eventually(() => send(id, 8, 1))).toMatchObject({ outcome: 'unknown' });
    await stream.begin(id, { writer: 1, received: 4, stored: 4, channelCount: 1 });
    const after = await stream.state(id);
    expect(after).toMatchObject({ received: 4, stored: 4 });
    expect(after?.incarnation).not.toBe(before?.incarnation);
    expect(await send(id, 2, 8)).toMatchObject({ outcome: 'taken', received: 10, stored: 4 });
    expect(places(await framesFrom(stream, reader, id, 4))).toEqual([[4, 6]]);
  });
});
