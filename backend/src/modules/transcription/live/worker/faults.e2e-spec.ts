import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { OwnRedis, type WorkerProcess, eventually, freePort } from '../../../../../test/index.js';
import { type FrameSender, framesOf } from '../../../../../test/live/frame-sender.js';
import { LiveStack, type Said } from '../../../../../test/live/live-stack.js';
import { toneSound } from '../../../../../test/live/live-sound.js';
import { LiveSession } from '../live-session.entity.js';

const TONES = 14;
const sound = toneSound(TONES, 2);
/** In the middle of a tone, with words before it that are settled and words that are not. */
const MIDDLE = framesOf(14.3);
const TEST_MS = 120_000;

let redis: OwnRedis;
let stack: LiveStack;
let undisturbed: Said[];

beforeAll(async () => {
  redis = await OwnRedis.start();
  stack = await LiveStack.start({ redisUrl: redis.url });
  await stack.startWorker();
  const sender = await stack.open(sound);
  await stack.complete(sender);
  undisturbed = await stack.said(sender.recordingId);
  expect(undisturbed).toHaveLength(2 * TONES);
  await stack.clear();
}, TEST_MS);
afterEach(() => stack.clear());
afterAll(async () => {
  await stack.close();
  await redis.kill();
});

/** A session in the middle of a word: some of it is stored and written, some of it is only in Redis. */
async function underWay(url?: string): Promise<FrameSender> {
  const sender = await stack.open(sound, url);
  await sender.send(MIDDLE);
  await stack.written(sender.recordingId, 3);
  expect((await stack.owner.recording(sender.recordingId)).body.status).toBe('live');
  return sender;
}

async function expectWhole(sender: FrameSender): Promise<void> {
  const recording = await stack.complete(sender);
  const { recordingId } = sender;
  expect(await stack.said(recordingId)).toEqual(undisturbed);
  expect(await stack.differences(recordingId, sound)).toEqual([]);
  const words = undisturbed.reduce((sum, segment) => sum + segment.words.length, 0);
  expect(recording).toMatchObject({ status: 'completed', wordCount: words, durationMs: sound.frames * 100 });
}

async function metric(worker: WorkerProcess, name: string): Promise<number> {
  const text = await (await fetch(`${worker.metricsUrl}/metrics`)).text();
  return Number(new RegExp(`^auscult_live_${name} (.*)$`, 'm').exec(text)?.[1]);
}

describe('a live session comes out whole', () => {
  it('when its worker is killed in the middle of a word and another takes over', async () => {
    const first = await stack.startWorker();
    const sender = await underWay();
    const second = await stack.startWorker();
    await first.kill();
    await expectWhole(sender);
    expect(await metric(second, 'lease_takeovers_total')).toBe(1);
    expect(await metric(second, 'replays_total')).toBe(1);
  }, TEST_MS);

  it('when its worker is killed again and again', async () => {
    const sender = await stack.open(sound);
    for (const seconds of [6, 15, 25]) {
      const worker = await stack.startWorker();
      await sender.send(framesOf(seconds));
      await eventually(async () => (await metric(worker, 'received_audio_seconds_total')) > 0, 20_000);
      await worker.kill();
    }
    await stack.startWorker();
    await expectWhole(sender);
  }, TEST_MS);

  it('when its worker is told to stop: the next one has it at once', async () => {
    const first = await stack.startWorker();
    const sender = await underWay();
    const second = await stack.startWorker();
    expect(await first.stop()).toBe(0);
    await expectWhole(sender);
    expect(await metric(second, 'lease_takeovers_total')).toBe(0);
  }, TEST_MS);

  it('when its worker stands still beyond its lease and then goes on', async () => {
    const first = await stack.startWorker();
    const sender = await underWay();
    await stack.startWorker();
    const before = await runOf(sender.recordingId);
    first.freeze();
    await eventually(async () => (await runOf(sender.recordingId)) !== before, 20_000);
    await sender.send(framesOf(20));
    first.thaw();
    await eventually(async () => (await metric(first, 'sessions')) === 0, 20_000);
    await expectWhole(sender);
  }, TEST_MS);

  it('when the clock of its worker is an hour ahead', async () => {
    const early = await stack.startWorker(new URL('../../../../../test/live/clock-an-hour-ahead.mjs', import.meta.url));
    const sender = await underWay();
    const before = await runOf(sender.recordingId);
    const late = await stack.startWorker();
    await sender.send(framesOf(20));
    await stack.written(sender.recordingId, 8);
    expect(await runOf(sender.recordingId)).toBe(before);
    expect(await metric(late, 'sessions')).toBe(0);
    await early.kill();
    await expectWhole(sender);
  }, TEST_MS);

  it('when the api is killed and started again', async () => {
    await stack.startWorker();
    const port = await freePort();
    const api = await stack.stack.stack.startApiProcess(port);
    const sender = await underWay(`http://127.0.0.1:${port}`);
    await api.kill();
    await stack.stack.stack.startApiProcess(port);
    await expectWhole(sender);
  }, TEST_MS);

  it('when Redis is emptied', async () => {
    await stack.startWorker();
    const sender = await underWay();
    await stack.stack.stack.redis.empty();
    await expectWhole(sender);
  }, TEST_MS);

  it('when Redis dies and comes back empty', async () => {
    await stack.startWorker();
    const sender = await underWay();
    await redis.kill();
    await redis.start();
    await expectWhole(sender);
  }, TEST_MS);

  it('when Redis dies together with the worker', async () => {
    const first = await stack.startWorker();
    const sender = await underWay();
    await Promise.all([redis.kill(), first.kill()]);
    await redis.start();
    await stack.startWorker();
    await expectWhole(sender);
  }, TEST_MS);

  it('when frames are lost in Redis: they are asked for again', async () => {
    const { redis: part } = stack.stack.stack;
    const sender = await stack.open(sound);
    await sender.send(MIDDLE);
    const stream = `${part.prefix}:live:${sender.recordingId}:audio`;
    const [, , third] = await part.client.xrange(stream, '-', '+');
    expect(await part.client.xdel(stream, third?.[0] ?? '')).toBe(1);
    const worker = await stack.startWorker();
    await expectWhole(sender);
    expect(await metric(worker, 'replays_total')).toBeGreaterThan(0);
  }, TEST_MS);

  it('with what a person has corrected meanwhile', async () => {
    const first = await stack.startWorker();
    const sender = await underWay();
    const last = (await stack.written(sender.recordingId, 3)).at(-1);
    const path = `/api/recordings/${sender.recordingId}/segments/${last?.id}`;
    expect((await stack.owner.patch(path, { expectedRevision: 0, text: 'As she said it' })).status).toBe(200);
    await stack.startWorker();
    await first.kill();
    await stack.complete(sender);
    const { segments } = await stack.owner.transcript(sender.recordingId);
    expect(segments).toHaveLength(undisturbed.length);
    expect(segments.find(({ id }) => id === last?.id)).toMatchObject({ text: 'As she said it', revision: 1 });
  }, TEST_MS);

  it('when the database throws everybody out, again and again', async () => {
    await stack.startWorker();
    const sender = await stack.open(sound);
    for (const seconds of [5, 10, 15, 20]) {
      await sender.send(framesOf(seconds));
      await stack.written(sender.recordingId, 1);
      await stack.stack.em.execute('select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()');
    }
    await expectWhole(sender);
  }, TEST_MS);
});

describe('what nobody can mend', () => {
  it('of a sender that never comes back, what was received is the session', async () => {
    await stack.startWorker();
    const sender = await underWay();
    await sender.finish();
    sender.close();
    const { recordingId } = sender;
    await stack.stack.em.execute(`update live_session set last_heard_at = now() - interval '13 hours' where recording_id = ?`, [recordingId]);
    expect(await stack.completed(recordingId)).toMatchObject({ durationMs: MIDDLE * 100 });
    expect(await stack.differences(recordingId, sound.silenced(MIDDLE, sound.frames))).toEqual([]);
    const whole = undisturbed.filter(({ endMs }) => endMs < MIDDLE * 100 - 1000).map(({ startMs, endMs, text }) => ({ startMs, endMs, text }));
    expect(await stack.said(recordingId)).toEqual(expect.arrayContaining(whole.map((one) => expect.objectContaining(one))));
  }, TEST_MS);
});

async function runOf(recordingId: string): Promise<string | null> {
  return (await stack.stack.em.findOneOrFail(LiveSession, { recordingId })).runId;
}
