import type { RecordingView, SegmentView } from '@auscult/contracts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type WorkerProcess, eventually } from '../../../../test/index.js';
import { LiveStack } from '../../../../test/live/live-stack.js';
import { evenTones } from '../../../../test/live/live-sound.js';
import { Watcher } from '../../../../test/transcription/watcher.js';
import { ObjectStore, StoredObject } from '../../storage/index.js';
import { Recording } from '../recording.entity.js';

/** Enough that a second hearing lasts some seconds: the fake takes 100 ms for each. */
const TONES = 32;
const sound = evenTones(TONES);
/** A dead worker is noticed after 15 to 20 s, lost work by a search every 10 s. */
const RECOVERY_MS = 120_000;

let stack: LiveStack;
const workers: WorkerProcess[] = [];

beforeAll(async () => {
  stack = await LiveStack.start({ env: { AUSCULT_MODEL: 'base', AUSCULT_LIVE_MODEL: 'tiny' } });
});
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.kill()));
  await stack.clear();
});
afterAll(() => stack.close());

async function startWorker(): Promise<WorkerProcess> {
  const worker = await stack.stack.startWorker();
  workers.push(worker);
  return worker;
}

/** A completed session as the live model has heard it; the live process goes. */
async function heardOnce(env: Record<string, string> = {}): Promise<string> {
  const live = await stack.startWorker(undefined, env);
  const sender = await stack.open(sound);
  await stack.complete(sender);
  await live.kill();
  expect(textsOf(await segmentsOf(sender.recordingId))).toEqual(toldBy('Tune'));
  return sender.recordingId;
}

const segmentsOf = async (id: string): Promise<SegmentView[]> => (await stack.owner.transcript(id)).segments;
const textsOf = (segments: readonly SegmentView[]) => segments.map(({ text }) => text);
const toldBy = (word: string) => Array.from({ length: TONES }, (_, tone) => `${word} ${200 + 40 * tone}`);

async function when(id: string, holds: (pass: NonNullable<RecordingView['secondPass']>) => boolean): Promise<RecordingView> {
  return eventually(async () => {
    const { body } = await stack.owner.recording(id);
    expect(body.status).toBe('completed');
    return body.secondPass && holds(body.secondPass) ? body : null;
  }, RECOVERY_MS);
}
const underWay = (id: string) => when(id, ({ state, progress }) => state === 'running' && progress > 0.1);
const over = (id: string) => when(id, ({ state }) => state === 'done' || state === 'failed');

async function expectHeardAgain(id: string, before: readonly SegmentView[]): Promise<void> {
  expect(await over(id)).toMatchObject({ wordCount: 2 * TONES, secondPass: { state: 'done', progress: 1, engine: 'fake' } });
  const after = await segmentsOf(id);
  expect(textsOf(after)).toEqual(toldBy('Tone'));
  const places = (segments: readonly SegmentView[]) => segments.map(({ id: same, speakerId, startMs, endMs, revision }) => ({ same, speakerId, startMs, endMs, revision }));
  expect(places(after)).toEqual(places(before));
}

describe('a live session that a less exact model has heard', () => {
  it('is heard a second time by itself, and open pages follow', async () => {
    const id = await heardOnce();
    expect((await stack.owner.recording(id)).body.secondPass).toEqual({ state: 'queued', progress: 0, engine: null });
    expect((await stack.owner.transcript(id)).engine).toBe('fake-tiny');
    const before = await segmentsOf(id);
    const page = await Watcher.connect(stack.owner);
    await page.ask('transcript:watch', { recordingId: id });
    await startWorker();
    await page.event('recording:changed', ({ recording }) => recording.secondPass?.state === 'running' && recording.secondPass.engine === 'fake');
    await page.event('recording:changed', ({ recording }) => recording.secondPass?.state === 'done');
    page.close();
    const told = page.all('transcript:segments').flatMap(({ segments }) => segments);
    await expectHeardAgain(id, before);
    expect(told).toEqual(await segmentsOf(id));
    const passes = page.all('recording:changed').map(({ recording }) => recording);
    expect(passes.every(({ status, progress }) => status === 'completed' && progress === 1)).toBe(true);
    expect(passes.some(({ secondPass }) => secondPass?.state === 'running' && secondPass.progress > 0)).toBe(true);
    expect((await stack.owner.transcript(id)).engine).toBe('fake');
  });

  it('is not begun where there is nothing to hear', async () => {
    await stack.startWorker();
    const sender = await stack.open(sound);
    await sender.finish(0);
    const { secondPass } = await stack.completed(sender.recordingId);
    expect(secondPass).toBeNull();
  });

  it('keeps what is corrected while it is heard, and the words that were there to undo to', async () => {
    const id = await heardOnce();
    await startWorker();
    await underWay(id);
    const [, segment] = await segmentsOf(id);
    const path = `/api/recordings/${id}/segments/${segment?.id}`;
    expect(segment?.text).toBe('Tune 240');
    expect((await stack.owner.patch(path, { expectedRevision: 0, text: 'As she said it' })).status).toBe(200);
    expect((await over(id)).secondPass?.state).toBe('done');
    const expected = toldBy('Tone').with(1, 'As she said it');
    expect(textsOf(await segmentsOf(id))).toEqual(expected);
    const { revisions } = (await stack.owner.get<{ revisions: { text: string }[] }>(`${path}/history`)).body;
    expect(revisions.map(({ text }) => text)).toEqual(['As she said it', 'Tune 240']);
    const exported = (await stack.owner.get<string>(`/api/recordings/${id}/export?format=txt`)).body;
    expect(exported.match(/Speaker 1: (.*)/g)).toEqual(expected.map((text) => `Speaker 1: ${text}`));
  });

  it('can be used as before when the sound cannot be read, and asked for again', async () => {
    const id = await heardOnce();
    const [part] = await stack.stack.em.execute<{ object_id: string }[]>('select object_id from audio_part where audio_id = ? and object_id is not null', [id]);
    await stack.stack.get(ObjectStore).delete(part?.object_id ?? '');
    await startWorker();
    expect((await over(id)).secondPass?.state).toBe('failed');
    expect(textsOf(await segmentsOf(id))).toEqual(toldBy('Tune'));
    expect((await stack.owner.transcript(id)).engine).toBe('fake-tiny');
    const again = await stack.owner.post<RecordingView>(`/api/recordings/${id}/retry`);
    expect(again).toMatchObject({ status: 200, body: { status: 'completed', secondPass: { state: 'queued' } } });
    expect((await over(id)).secondPass?.state).toBe('failed');
  });

  it('is deleted in the middle of it', async () => {
    const id = await heardOnce();
    const worker = await startWorker();
    await underWay(id);
    expect((await stack.owner.delete(`/api/recordings/${id}`)).status).toBe(204);
    await eventually(async () => (await stack.stack.em.count(StoredObject, { ownerId: stack.owner.userId ?? '' })) === 0, RECOVERY_MS);
    expect(await stack.stack.em.count(Recording, { id })).toBe(0);
    // What the killed worker of the test before held may end here as well.
    const ended = async (outcome: string) => new RegExp(`auscult_jobs_total\\{name="hear-again",outcome="${outcome}"\\} [1-9]`).test(await (await fetch(`${worker.metricsUrl}/metrics`)).text());
    await eventually(() => ended('completed'), RECOVERY_MS);
    expect(await ended('failed')).toBe(false);
  });
});

describe('a second hearing comes out whole', () => {
  it('when its worker is killed in the middle', async () => {
    const id = await heardOnce();
    const before = await segmentsOf(id);
    const first = await startWorker();
    await underWay(id);
    await first.kill();
    expect(await segmentsOf(id)).toEqual(before);
    await startWorker();
    await expectHeardAgain(id, before);
  });

  it('when its worker is told to stop in the middle', async () => {
    const id = await heardOnce();
    const before = await segmentsOf(id);
    const first = await startWorker();
    await underWay(id);
    expect(await first.stop()).toBe(0);
    expect((await stack.stack.em.findOneOrFail(Recording, { id })).secondPass).toMatchObject({ state: 'queued', runId: null, attempts: 0 });
    await startWorker();
    await expectHeardAgain(id, before);
  });

  it('when Redis is emptied before and in the middle', async () => {
    const id = await heardOnce();
    const before = await segmentsOf(id);
    await stack.stack.stack.redis.empty();
    await startWorker();
    await underWay(id);
    await stack.stack.stack.redis.empty();
    await expectHeardAgain(id, before);
  });
});

describe('a second hearing by hand', () => {
  it('is there where it is switched off, for the owner alone, and never twice at once', async () => {
    const id = await heardOnce({ AUSCULT_SECOND_PASS: 'off' });
    const { intruder, admin, nobody } = stack.stack.people;
    for (const [caller, status] of [[intruder, 404], [admin, 403], [nobody, 401]] as const) {
      expect((await caller.post(`/api/recordings/${id}/retry`)).status).toBe(status);
    }
    expect((await stack.owner.recording(id)).body.secondPass).toBeNull();
    const before = await segmentsOf(id);
    expect((await stack.owner.post<RecordingView>(`/api/recordings/${id}/retry`)).body).toMatchObject({ status: 'completed', secondPass: { state: 'queued' } });
    expect(await stack.owner.post(`/api/recordings/${id}/retry`)).toMatchObject({ status: 409, body: { code: 'recording-state' } });
    await startWorker();
    await expectHeardAgain(id, before);
  });

  it('is not begun by itself where the live model is the worker\'s', async () => {
    const live = await stack.startWorker(undefined, { AUSCULT_LIVE_MODEL: 'base' });
    const sender = await stack.open(sound);
    expect((await stack.complete(sender)).secondPass).toBeNull();
    await live.kill();
  });
});
