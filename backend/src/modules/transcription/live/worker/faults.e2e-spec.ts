import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { OwnRedis, eventually, freePort } from '../../../../../test/index.js';
import { FaultTrial, MIDDLE, liveMetric as metric } from '../../../../../test/live/fault-trial.js';
import { framesOf } from '../../../../../test/live/frame-sender.js';
import type { LiveStack } from '../../../../../test/live/live-stack.js';
import { toneSound } from '../../../../../test/live/live-sound.js';
import { ObjectStore } from '../../../storage/index.js';
import { LiveSession } from '../live-session.entity.js';

const TONES = 14;
const sound = toneSound(TONES, 2);

let redis: OwnRedis;
let trial: FaultTrial;
let stack: LiveStack;

beforeAll(async () => {
  redis = await OwnRedis.start();
  trial = await FaultTrial.start(sound, { redisUrl: redis.url });
  expect(trial.undisturbed).toHaveLength(2 * TONES);
  ({ stack } = trial);
});
afterEach(() => stack.clear());
afterAll(async () => {
  await trial.close();
  await redis.kill();
});

describe('a live session comes out whole', () => {
  it('when its worker is killed in the middle of a word and another takes over', async () => {
    const first = await stack.startWorker();
    const sender = await trial.underWay();
    const second = await stack.startWorker();
    await first.kill();
    await trial.expectWhole(sender);
    expect(await metric(second, 'lease_takeovers_total')).toBe(1);
    expect(await metric(second, 'replays_total')).toBe(1);
  });

  it('when its worker is killed again and again', async () => {
    const sender = await stack.open(sound);
    for (const seconds of [6, 15, 25]) {
      const worker = await stack.startWorker();
      await sender.send(framesOf(seconds));
      await eventually(async () => (await metric(worker, 'received_audio_seconds_total')) > 0);
      await worker.kill();
    }
    await stack.startWorker();
    await trial.expectWhole(sender);
  });

  it('when its worker is told to stop: the next one has it at once', async () => {
    const first = await stack.startWorker();
    const sender = await trial.underWay();
    const second = await stack.startWorker();
    expect(await first.stop()).toBe(0);
    await trial.expectWhole(sender);
    expect(await metric(second, 'lease_takeovers_total')).toBe(0);
  });

  it('when its worker stands still beyond its lease and then goes on', async () => {
    const first = await stack.startWorker();
    const sender = await trial.underWay();
    await stack.startWorker();
    const before = await runOf(sender.recordingId);
    first.freeze();
    await eventually(async () => (await runOf(sender.recordingId)) !== before);
    await sender.send(framesOf(20));
    first.thaw();
    await eventually(async () => (await metric(first, 'sessions')) === 0);
    await trial.expectWhole(sender);
  });

  it('when the clock of its worker is an hour ahead', async () => {
    const early = await stack.startWorker(new URL('../../../../../test/live/clock-an-hour-ahead.mjs', import.meta.url));
    const sender = await trial.underWay();
    const before = await runOf(sender.recordingId);
    const late = await stack.startWorker();
    await sender.send(framesOf(20));
    await stack.written(sender.recordingId, 8);
    expect(await runOf(sender.recordingId)).toBe(before);
    expect(await metric(late, 'sessions')).toBe(0);
    await early.kill();
    await trial.expectWhole(sender);
  });

  it('when the api is killed and started again', async () => {
    await stack.startWorker();
    const port = await freePort();
    const api = await stack.stack.stack.startApiProcess(port);
    const sender = await trial.underWay({ url: `http://127.0.0.1:${port}` });
    await api.kill();
    await stack.stack.stack.startApiProcess(port);
    await trial.expectWhole(sender);
  });

  it('when Redis is emptied', async () => {
    await stack.startWorker();
    const sender = await trial.underWay();
    await stack.stack.stack.redis.empty();
    await trial.expectWhole(sender);
  });

  it('when Redis dies and comes back empty', async () => {
    await stack.startWorker();
    const sender = await trial.underWay();
    await redis.kill();
    await redis.start();
    await trial.expectWhole(sender);
  });

  it('when Redis dies together with the worker', async () => {
    const first = await stack.startWorker();
    const sender = await trial.underWay();
    await Promise.all([redis.kill(), first.kill()]);
    await redis.start();
    await stack.startWorker();
    await trial.expectWhole(sender);
  });

  it('when frames are lost in Redis: they are asked for again', async () => {
    const { redis: part } = stack.stack.stack;
    const sender = await stack.open(sound);
    await sender.send(MIDDLE);
    const stream = `${part.prefix}:live:${sender.recordingId}:audio`;
    const [, , third] = await part.client.xrange(stream, '-', '+');
    expect(await part.client.xdel(stream, third?.[0] ?? '')).toBe(1);
    const worker = await stack.startWorker();
    await trial.expectWhole(sender);
    expect(await metric(worker, 'replays_total')).toBeGreaterThan(0);
  });

  it('when all its frames are lost in Redis and none comes after them: they are asked for again', async () => {
    const { redis: part } = stack.stack.stack;
    const sender = await stack.open(sound);
    await sender.send();
    expect(await part.client.del(`${part.prefix}:live:${sender.recordingId}:audio`)).toBe(1);
    await stack.startWorker();
    await trial.expectWhole(sender);
  });

  it('with what a person has corrected meanwhile', async () => {
    const first = await stack.startWorker();
    const sender = await trial.underWay();
    const last = (await stack.written(sender.recordingId, 3)).at(-1);
    const path = `/api/recordings/${sender.recordingId}/segments/${last?.id}`;
    expect((await stack.owner.patch(path, { expectedRevision: 0, text: 'As she said it' })).status).toBe(200);
    await stack.startWorker();
    await first.kill();
    await stack.complete(sender);
    const { segments } = await stack.owner.transcript(sender.recordingId);
    expect(segments).toHaveLength(trial.undisturbed.length);
    expect(segments.find(({ id }) => id === last?.id)).toMatchObject({ text: 'As she said it', revision: 1 });
  });

  it('when the database throws everybody out, again and again', async () => {
    await stack.startWorker();
    const sender = await stack.open(sound);
    for (const seconds of [5, 10, 15, 20]) {
      await sender.send(framesOf(seconds));
      await stack.written(sender.recordingId, 1);
      await stack.stack.em.execute('select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()');
    }
    await trial.expectWhole(sender);
  });
});

describe('what holds one session up', () => {
  it('does so for no other: neither one that is claimed after it nor those on air', async () => {
    const [held, other] = [await stack.open(sound), await stack.open(sound)];
    const em = stack.stack.em.fork();
    await em.begin();
    await em.execute('select 1 from live_session where recording_id = ? for update', [held.recordingId]);
    await stack.startWorker();
    await trial.expectWhole(other);
    await em.rollback();
    await held.send(MIDDLE);
    await stack.written(held.recordingId, 3);
    await em.begin();
    await em.execute('select 1 from live_session where recording_id = ? for update', [held.recordingId]);
    const third = await stack.open(sound);
    await third.send(MIDDLE);
    await beaten(third.recordingId, 4);
    const [waiting] = await em.execute<{ looks: string }[]>(
      `select count(*) as looks from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%live_session%for update%'`,
    );
    expect(Number(waiting?.looks)).toBeLessThanOrEqual(2);
    await em.rollback();
    await trial.expectWhole(held);
    await trial.expectWhole(third);
  });

  it('is not a stored part that cannot be read any more: it is completed, silent there', async () => {
    await stack.startWorker();
    const sender = await trial.underWay();
    const part = await eventually(async () => {
      const parts = await stack.stack.em.execute<{ object_id: string }[]>('select object_id from audio_part where audio_id = ? and object_id is not null limit 1', [sender.recordingId]);
      return parts[0]?.object_id;
    });
    await stack.stack.get(ObjectStore).delete(part);
    await stack.complete(sender);
    expect(await stack.said(sender.recordingId)).toEqual(trial.undisturbed);
    expect((await stack.owner.get(`/api/recordings/${sender.recordingId}/waveform`)).status).toBe(200);
  });
});

describe('what nobody can mend', () => {
  it('a sender that was away while everything was switched off can still come back', async () => {
    const sender = await stack.open(sound);
    await sender.send(MIDDLE);
    await leftAlone(sender.recordingId);
    await stack.startWorker();
    await beaten(sender.recordingId, 3);
    expect((await stack.owner.recording(sender.recordingId)).body.status).toBe('live');
    await trial.expectWhole(sender);
  });

  it('of a sender that never comes back, what was received is the session', async () => {
    await stack.startWorker(undefined, { AUSCULT_LIVE_RETURN_MINUTES: '0' });
    const sender = await trial.underWay();
    await sender.finish();
    sender.close();
    const { recordingId } = sender;
    await leftAlone(recordingId);
    expect(await stack.completed(recordingId)).toMatchObject({ durationMs: MIDDLE * 100 });
    expect(await stack.differences(recordingId, sound.silenced(MIDDLE, sound.frames))).toEqual([]);
    const whole = trial.undisturbed.filter(({ endMs }) => endMs < MIDDLE * 100 - 1000).map(({ startMs, endMs, text }) => ({ startMs, endMs, text }));
    expect(await stack.said(recordingId)).toEqual(expect.arrayContaining(whole.map((one) => expect.objectContaining(one))));
  });
});

const leftAlone = (recordingId: string) =>
  stack.stack.em.execute(`update live_session set last_heard_at = now() - interval '13 hours' where recording_id = ?`, [recordingId]);

/** The lease was renewed so many times from now on. */
async function beaten(recordingId: string, times: number): Promise<void> {
  const until = async () => (await stack.stack.em.findOneOrFail(LiveSession, { recordingId }, { refresh: true })).leaseUntil?.getTime() ?? 0;
  for (let beat = 0; beat < times; beat += 1) {
    const before = await until();
    await eventually(async () => (await until()) > before);
  }
}

async function runOf(recordingId: string): Promise<string | null> {
  return (await stack.stack.em.findOneOrFail(LiveSession, { recordingId })).runId;
}
