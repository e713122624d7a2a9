import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import { RequestContext } from '@mikro-orm/core';
import type { Registry } from 'prom-client';
import { OwnRedis, eventually } from '../../../test/index.js';
import { Ledger, QueueStack, cutConnections, TranscribeHandler, purgeHandler } from '../../../test/queue/queue-stack.js';
import { METRICS } from '../observability/index.js';
import { JobHandler, JobQueue, JobQueues } from './index.js';

let stack: QueueStack;
beforeEach(async () => {
  stack = await QueueStack.create();
});
afterEach(() => stack.close());

/** Holds a run up until the test lets it go on or makes it fail. */
interface Gate {
  passed: Promise<void>;
  open: () => void;
  fail: (error: Error) => void;
}
function gate(): Gate {
  let open: Gate['open'] = () => undefined;
  let fail: Gate['fail'] = () => undefined;
  const passed = new Promise<void>((resolve, reject) => {
    open = resolve;
    fail = reject;
  });
  return { passed, open, fail };
}

describe('a worker', () => {
  it('does not start when a job has no handler or two', async () => {
    const purge = purgeHandler(new Ledger());
    @JobHandler('purge-audio')
    class SecondPurge {}
    await expect(stack.worker([purge])).rejects.toThrow('transcribe-recording has no handler');
    await expect(stack.worker([TranscribeHandler, purge, SecondPurge])).rejects.toThrow('purge-audio has 2 handlers');
    await expect(stack.worker([])).rejects.toThrow(/no handler; .*no handler/);
  });

  it('does each job once, in an entity manager of its own', async () => {
    const contexts: unknown[] = [];
    stack.ledger.work = () => Promise.resolve(void contexts.push(RequestContext.getEntityManager()));
    const app = await stack.worker();
    const ids = await Promise.all([stack.submit(app), stack.submit(app), stack.submit(app)]);
    await eventually(() => stack.ledger.wanted.size === 0);
    expect([...stack.ledger.starts].sort()).toEqual([...ids].sort());
    expect(new Set(contexts).size).toBe(3);
    expect(contexts).not.toContain(undefined);
  });

  it('refuses a payload that is not what the contract says', async () => {
    const app = await stack.worker();
    await stack.submit(app);
    await eventually(() => stack.ledger.wanted.size === 0);
    await expect(app.get(JobQueue).enqueue('purge-audio', { objectId: 'the session of Ann' }, 'x')).rejects.toThrow();
  });

  it('leaves nothing in Redis when jobs are done or given up', async () => {
    const app = await stack.worker();
    const good = await stack.submit(app);
    await eventually(() => !stack.ledger.wanted.has(good));
    const queue = app.get(JobQueues).of('purge-audio');
    await eventually(async () => Object.values(await queue.getJobCounts()).every((count) => count === 0));
    expect(await stack.redis.client.keys(`${stack.redis.prefix}:*${good}*`)).toEqual([]);
  });

  it('counts outcomes, and what waits, for the operator', async () => {
    const held = gate();
    stack.ledger.work = () => held.passed;
    const app = await stack.worker();
    await stack.submit(app);
    await eventually(() => stack.ledger.running.size === 1);
    await stack.submit(app);
    const metrics = async (): Promise<string> => app.get<Registry>(METRICS).metrics();
    await eventually(async () => /auscult_queue_jobs\{queue="storage",state="waiting"\} 1/.test(await metrics()));
    expect(await metrics()).toMatch(/auscult_queue_oldest_waiting_seconds\{queue="storage"\} (?!0$)[\d.e-]+/m);
    held.open();
    await eventually(async () => /auscult_jobs_total\{name="purge-audio",outcome="completed"\} 2/.test(await metrics()));
    expect(await metrics()).toMatch(/auscult_queue_jobs\{queue="storage",state="waiting"\} 0/);
  });
});

describe('enqueueing', () => {
  it('the same job again is a no-op while it waits or runs, and possible afterwards', async () => {
    const held = gate();
    stack.ledger.work = () => held.passed;
    const app = await stack.worker();
    const id = randomUUID();
    const enqueue = () => app.get(JobQueue).enqueue('purge-audio', { objectId: id }, id);
    await enqueue();
    await eventually(() => stack.ledger.running.size === 1);
    await Promise.all([enqueue(), enqueue()]);
    held.open();
    await eventually(async () => (await app.get(JobQueues).of('purge-audio').getJob(`purge-audio:${id}`)) === null);
    expect(stack.ledger.starts).toEqual([id]);
    await enqueue();
    await eventually(() => stack.ledger.starts.length === 2);
  });
});

describe('a job that fails', () => {
  it('is tried again', async () => {
    let failures = 0;
    stack.ledger.work = () => (failures++ < 2 ? Promise.reject(new Error('not yet')) : Promise.resolve());
    const app = await stack.worker();
    await stack.submit(app);
    await eventually(() => stack.ledger.wanted.size === 0);
    expect(stack.ledger.starts).toHaveLength(3);
    expect(stack.ledger.abandoned).toEqual([]);
  });

  it('is given up after the third time', async () => {
    stack.ledger.work = () => Promise.reject(new Error('never'));
    const app = await stack.worker();
    const id = await stack.submit(app);
    await eventually(() => stack.ledger.abandoned.length > 0);
    expect(stack.ledger.abandoned).toEqual([id]);
    expect(stack.ledger.starts).toHaveLength(3);
  });
});

describe('when Redis forgets everything', () => {
  it('delivers what rows wait for', async () => {
    const app = await stack.worker();
    const never = stack.want();
    await eventually(() => !stack.ledger.wanted.has(never));
    expect(app.get(JobQueue)).toBeDefined();
  });

  it('while jobs run, they go on, each runs alone, and those that waited are done too', async () => {
    const held = gate();
    stack.ledger.work = () => held.passed;
    const workers = [await stack.worker(), await stack.worker(), await stack.worker()];
    const [app] = workers;
    if (!app) throw new Error('No worker');
    const ids = [await stack.submit(app), await stack.submit(app)];
    await eventually(() => stack.ledger.running.size === 2);
    await stack.redis.empty();
    // The reconciler delivers both again, and the free worker finds that somebody is at it.
    await eventually(async () => (await Promise.all(workers.map(postponed))).some((count) => count > 0));
    ids.push(await stack.submit(app));
    await eventually(() => stack.ledger.running.size === 3);
    held.open();
    await eventually(() => stack.ledger.wanted.size === 0);
    for (const id of ids) expect(stack.ledger.starts).toContain(id);
    expect(stack.ledger.overlaps).toBe(0);
    expect(stack.ledger.abandoned).toEqual([]);
  });
});

async function postponed(app: INestApplicationContext): Promise<number> {
  const line = /name="purge-audio",outcome="postponed"\} (\d+)/.exec(await app.get<Registry>(METRICS).getSingleMetricAsString('auscult_jobs_total'));
  return Number(line?.[1] ?? 0);
}

describe('a job whose process crashes', () => {
  let cut = gate();

  it('is taken up by another one', async () => {
    const id = await crash();
    stack.ledger.work = () => Promise.resolve();
    await stack.worker();
    await eventually(() => stack.ledger.wanted.size === 0);
    expect(stack.ledger.starts).toEqual([id, id]);
  });

  it('is given up after three crashes, and the next job is done', async () => {
    const id = await crash();
    for (const _crash of [2, 3]) await crashAgain();
    stack.ledger.work = () => Promise.resolve();
    const app = await stack.worker();
    await eventually(() => stack.ledger.abandoned.length > 0);
    expect(stack.ledger.abandoned).toEqual([id]);
    expect(stack.ledger.starts).toEqual([id, id, id]);
    await stack.submit(app);
    await eventually(() => stack.ledger.wanted.size === 0);
  });

  async function crash(): Promise<string> {
    stack.ledger.work = () => cut.passed;
    const app = await stack.worker();
    const id = await stack.submit(app);
    await eventually(() => stack.ledger.starts.length === 1);
    await die(app);
    return id;
  }

  async function crashAgain(): Promise<void> {
    const before = stack.ledger.starts.length;
    const app = await stack.worker();
    await eventually(() => stack.ledger.starts.length === before + 1);
    await die(app);
  }

  /** The run is over in this process as well, but its worker can tell nobody. */
  async function die(app: INestApplicationContext): Promise<void> {
    await cutConnections(app);
    cut.fail(new Error('cut off'));
    cut = gate();
  }
});

describe('when Redis dies and comes back empty', () => {
  let redis: OwnRedis;
  beforeEach(async () => {
    await stack.close();
    redis = await OwnRedis.start();
    stack = await QueueStack.create(redis.url);
  });
  afterEach(() => redis.kill());

  it('waiting, running and new jobs are all done, each by one run at a time', async () => {
    const held = gate();
    stack.ledger.work = () => held.passed;
    const app = await stack.worker();
    await stack.submit(app);
    await stack.submit(app);
    await eventually(() => stack.ledger.running.size === 1);
    await redis.kill();
    const started = performance.now();
    await stack.submit(app);
    expect(performance.now() - started).toBeLessThan(3500);
    await redis.start();
    held.open();
    await eventually(() => stack.ledger.wanted.size === 0);
    expect(stack.ledger.overlaps).toBe(0);
    stack.ledger.work = () => Promise.resolve();
    await stack.submit(app);
    await eventually(() => stack.ledger.wanted.size === 0);
  });

  it('a worker that waits for work finds it again', async () => {
    const app = await stack.worker();
    await redis.kill();
    await redis.start();
    await stack.submit(app);
    await eventually(() => stack.ledger.wanted.size === 0);
  });
});

describe('a worker that stops', () => {
  it('tells its job to stop and hands it on at once', async () => {
    let aborted = 0;
    stack.ledger.work = (_id, { signal }) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => {
        aborted += 1;
        reject(new Error('stopping'));
      }));
    const first = await stack.worker();
    const id = await stack.submit(first);
    await eventually(() => stack.ledger.running.size === 1);
    await first.close();
    expect(aborted).toBe(1);
    stack.ledger.work = () => Promise.resolve();
    await stack.worker();
    await eventually(() => stack.ledger.wanted.size === 0);
    expect(stack.ledger.starts).toEqual([id, id]);
    expect(stack.ledger.abandoned).toEqual([]);
  });
});

