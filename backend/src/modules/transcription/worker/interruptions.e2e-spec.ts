import type { SegmentView } from '@auscult/contracts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { OwnRedis, type WorkerProcess, eventually } from '../../../../test/index.js';
import { tonesWav } from '../../../../test/transcription/tones.js';
import { TranscriptionStack } from '../../../../test/transcription/transcription-stack.js';
import { Recording } from '../recording.entity.js';
import { MAX_FRUITLESS_ATTEMPTS } from '../run-hold.js';

/** Enough that a run lasts some seconds: the fake takes 100 ms for each. */
const TONES = 60;
const wav = tonesWav(TONES, { channels: 2 });
/** A dead worker is noticed after 15 to 20 s, lost work by a search every 10 s. */
const RECOVERY_MS = 120_000;

let redis: OwnRedis;
let stack: TranscriptionStack;
let undisturbed: ReturnType<typeof facts>;
const workers: WorkerProcess[] = [];

beforeAll(async () => {
  redis = await OwnRedis.start();
  stack = await TranscriptionStack.start({ redisUrl: redis.url });
  await startWorker();
  undisturbed = facts(await finished(await submit()));
  expect(undisturbed).toHaveLength(2 * TONES);
});
afterEach(() => stopWorkers());
afterAll(async () => {
  await stack.close();
  await redis.kill();
});

async function startWorker(env: Record<string, string> = {}): Promise<WorkerProcess> {
  const worker = await stack.startWorker(env);
  workers.push(worker);
  return worker;
}

async function stopWorkers(): Promise<void> {
  await Promise.all(workers.splice(0).map((worker) => worker.kill()));
}

async function submit(): Promise<string> {
  return (await stack.people.owner.upload(wav)).body.id;
}

async function finished(id: string): Promise<SegmentView[]> {
  await eventually(async () => {
    const { status } = (await stack.people.owner.recording(id)).body;
    if (status === 'failed') throw new Error('The recording has failed');
    return status === 'completed';
  }, RECOVERY_MS);
  return (await stack.people.owner.transcript(id)).segments;
}

/** Waits until some of it is written, but not all. */
async function underWay(id: string): Promise<SegmentView[]> {
  const segments = await eventually(async () => {
    const written = (await stack.people.owner.transcript(id)).segments;
    return written.length >= 5 ? written : null;
  });
  expect(segments.length).toBeLessThan(2 * TONES);
  return segments;
}

/** All that a transcript says, without what differs between two recordings. */
function facts(segments: readonly SegmentView[]) {
  return segments.map(({ startMs, endMs, text, words }) => ({ startMs, endMs, text, words }));
}

async function expectWhole(id: string, before: readonly SegmentView[] = []): Promise<void> {
  const segments = await finished(id);
  expect(facts(segments)).toEqual(undisturbed);
  // What stood there before the interruption was neither written again nor changed.
  for (const segment of before) expect(segments).toContainEqual(segment);
  expect((await stack.people.owner.recording(id)).body).toMatchObject({ status: 'completed', wordCount: 4 * TONES, progress: 1 });
}

describe('a transcription comes out whole', () => {
  it('when its worker is killed and another one is there', async () => {
    const first = await startWorker();
    const id = await submit();
    const before = await underWay(id);
    await startWorker();
    await first.kill();
    await expectWhole(id, before);
  }, RECOVERY_MS * 2);

  it('when its worker is told to stop, and the next one goes on at once', async () => {
    const first = await startWorker();
    const id = await submit();
    const before = await underWay(id);
    expect(await first.stop()).toBe(0);
    expect(await stack.em.findOneOrFail(Recording, { id })).toMatchObject({ status: 'queued', runId: null, attempts: 0 });
    await startWorker();
    await expectWhole(id, before);
  }, RECOVERY_MS * 2);

  it('when Redis is emptied', async () => {
    await startWorker();
    const id = await submit();
    const before = await underWay(id);
    await stack.stack.redis.empty();
    await expectWhole(id, before);
  }, RECOVERY_MS * 2);

  it('when Redis is emptied and then the worker dies', async () => {
    const first = await startWorker();
    const id = await submit();
    const before = await underWay(id);
    await stack.stack.redis.empty();
    await first.kill();
    await startWorker();
    await expectWhole(id, before);
  }, RECOVERY_MS * 2);

  it('when Redis dies and comes back empty', async () => {
    await startWorker();
    const [id, waiting] = [await submit(), await submit()];
    const before = await underWay(id);
    await redis.kill();
    await redis.start();
    await expectWhole(id, before);
    await expectWhole(waiting);
  }, RECOVERY_MS * 3);

  it('when it was submitted while Redis was away', async () => {
    await startWorker();
    await redis.kill();
    const id = await submit();
    await redis.start();
    await expectWhole(id);
  }, RECOVERY_MS * 2);

  it('when the database throws everybody out', async () => {
    await startWorker();
    const id = await submit();
    const before = await underWay(id);
    await stack.em.execute('select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()');
    await expectWhole(id, before);
  }, RECOVERY_MS * 2);
});

describe('a recording that takes workers down', () => {
  it('is given up once too many have died at the same place', async () => {
    const id = await submit();
    await stack.em.nativeUpdate(Recording, { id }, {
      status: 'transcribing', runId: id, attempts: MAX_FRUITLESS_ATTEMPTS, heartbeatAt: new Date(Date.now() - 60_000),
    });
    await startWorker();
    const { body } = await eventually(async () => {
      const answer = await stack.people.owner.recording(id);
      return answer.body.status === 'failed' ? answer : null;
    }, RECOVERY_MS);
    expect(body.failure).toMatchObject({ code: 'worker-crashed' });
    expect((await stack.people.owner.post(`/api/recordings/${id}/retry`)).status).toBe(200);
    await expectWhole(id);
  }, RECOVERY_MS * 2);
});
