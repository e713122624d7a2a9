import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EntityManager } from '@mikro-orm/postgresql';
import { LiveSender } from '../../../../../test/transcription/live-sender.js';
import { TranscriptionStack } from '../../../../../test/transcription/transcription-stack.js';
import { DatabaseWork } from '../../../../platform/database/index.js';
import { PcmAudio } from '../../../storage/index.js';
import { Recording } from '../../recording.entity.js';
import { RecordingRepository } from '../../recording.repository.js';
import { type RecognizedUtterance, Segment } from '../../segment.entity.js';
import { TranscriptRepository } from '../../transcript.repository.js';
import { LiveSession } from '../live-session.entity.js';
import { LiveSessionRepository } from '../live-session.repository.js';
import { LiveTrack } from '../live-track.entity.js';
import { LiveRunWrites } from './live-run-writes.js';
import { SupersededError } from './superseded-error.js';

let stack: TranscriptionStack;
let sender: LiveSender;
/** The run that stood still, and the one that has the session now. */
let late: LiveRunWrites;
let present: LiveRunWrites;
let presentRun: string;
let speakerId: string;

const words = [{ text: 'Hello', startMs: 0, endMs: 500 }];
const utterance: RecognizedUtterance = { index: 0, channel: 0, startMs: 0, endMs: 500, text: 'Hello', words, wordTiming: 'engine' };
const stretch = { channel: 0, fromSample: 0, untilSample: 16_000, nextIndex: 1, utterances: [utterance], objectId: null, lacksWords: false };
const end = { frames: 10, engine: 'fake', sizeBytes: 44, waveform: { binMs: 100, peaks: [new Uint8Array(1)] }, next: undefined, sentBy: { device: 4 } };

function claim(runId: string): Promise<boolean> {
  return stack.get(DatabaseWork).run(() => stack.get(LiveSessionRepository).claim(sender.recordingId, runId));
}

function writesOf(runId: string, { recordingId }: LiveSender = sender): LiveRunWrites {
  const stores = {
    em: stack.get(EntityManager), sessions: stack.get(LiveSessionRepository), recordings: stack.get(RecordingRepository),
    transcripts: stack.get(TranscriptRepository), audio: stack.get(PcmAudio),
  };
  return new LiveRunWrites(stores, recordingId, runId, new AbortController().signal);
}

/** Somebody else's transaction that has said this and goes on; answers what commits it. */
async function begun(statement: string, recordingId: string): Promise<() => Promise<void>> {
  let commit: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (commit = resolve));
  let work: Promise<void> = Promise.resolve();
  await new Promise<void>((said, failed) => {
    work = stack.em.fork().transactional(async (em) => {
      await em.execute(statement, [recordingId]);
      said();
      await released;
    });
    work.catch(failed);
  });
  return () => {
    commit();
    return work;
  };
}

beforeAll(async () => {
  stack = await TranscriptionStack.start();
  sender = await LiveSender.begin(stack.people.owner);
  const [lateRun, nextRun] = [randomUUID(), randomUUID()];
  expect(await claim(lateRun)).toBe(true);
  late = writesOf(lateRun);
  speakerId = (await late.begin('fake')).speakers[0]?.id ?? '';
  expect(await claim(nextRun)).toBe(false);
  await stack.em.execute(`update live_session set lease_until = now() - interval '1 second' where recording_id = ?`, [sender.recordingId]);
  expect(await claim(nextRun)).toBe(true);
  present = writesOf(nextRun);
  presentRun = nextRun;
});
afterAll(async () => {
  sender.close();
  await stack.close();
});

describe('the leases of many runs', () => {
  const renew = (runIds: string[]) => stack.get(DatabaseWork).run(() => stack.get(LiveSessionRepository).renew(runIds, 'leave out'));

  it('are renewed together, but not one that another run has', async () => {
    const other = await LiveSender.begin(stack.people.owner);
    const otherRun = randomUUID();
    await stack.get(DatabaseWork).run(() => stack.get(LiveSessionRepository).claim(other.recordingId, otherRun));
    await stack.em.execute('update live_session set lease_until = now()');
    const beats = await renew([presentRun, otherRun, randomUUID()]);
    expect([...beats.keys()].sort()).toEqual([presentRun, otherRun].sort());
    expect(beats.get(otherRun)).toMatchObject({ writer: 1, liveFrames: null });
    const [row] = await stack.em.execute<{ renewed: string }[]>('select count(*) renewed from live_session where lease_until > now()');
    expect(Number(row?.renewed)).toBe(2);
    other.close();
  });

  it('do not wait for a session that is being written to', async () => {
    const commit = await begun('select 1 from live_session where recording_id = ? for update', sender.recordingId);
    expect((await renew([presentRun])).size).toBe(0);
    await commit();
    expect((await renew([presentRun])).size).toBe(1);
  });
});

describe('a run whose session another run has taken over', () => {
  const writes: Record<string, () => Promise<unknown>> = {
    'renews nothing': () => late.beat(),
    'begins nothing': () => late.begin('late'),
    'writes no final': () => late.final(utterance, speakerId),
    'settles nothing': () => late.settle(stretch, speakerId),
    'completes nothing': () => late.complete(end),
  };

  it.each(Object.keys(writes))('%s', async (name) => {
    await expect(writes[name]?.()).rejects.toThrow(SupersededError);
    const { recordingId } = sender;
    expect(await stack.em.count(Segment, { recordingId })).toBe(0);
    expect(await stack.em.findOneOrFail(LiveTrack, { recordingId })).toMatchObject({ storedSamples: 0, nextUtterance: 0 });
    expect(await stack.em.findOneOrFail(Recording, { id: recordingId })).toMatchObject({ status: 'live', engine: 'fake' });
    expect(await stack.em.findOneOrFail(LiveSession, { recordingId })).toMatchObject({ runId: presentRun });
  });

  it('does not keep the other one from any of it', async () => {
    await present.begin('fake');
    await present.beat();
    expect(await present.final(utterance, speakerId)).toMatchObject({ text: 'Hello' });
    // With the words that it has now: watchers count them to see which lines they were not told of.
    expect(await present.settle(stretch, speakerId)).toMatchObject({ stored: 10, lines: [{ text: 'Hello' }], removed: [], recording: { status: 'live', wordCount: 1 } });
    expect(await present.complete(end)).toMatchObject({ status: 'completed', durationMs: 1000, wordCount: 1, liveSentBy: { device: 4 } });
  });
});

describe('a final', () => {
  let session: LiveSender;
  let run: LiveRunWrites;
  let runId: string;
  let speaker: string;
  const texts = async () => (await stack.em.fork().find(Segment, { recordingId: session.recordingId })).map(({ text }) => text);
  const second = { ...utterance, index: 1, startMs: 600, endMs: 900, text: 'again' };

  beforeAll(async () => {
    session = await LiveSender.begin(stack.people.owner);
    runId = randomUUID();
    await stack.get(DatabaseWork).run(() => stack.get(LiveSessionRepository).claim(session.recordingId, runId));
    run = writesOf(runId, session);
    speaker = (await run.begin('fake')).speakers[0]?.id ?? '';
  });
  afterAll(() => session.close());

  it('is there once, however often it is written, with every field, and told each time', async () => {
    const written = await run.final(utterance, speaker);
    expect(await run.final(utterance, speaker)).toMatchObject({ id: written?.id, text: 'Hello' });
    expect(await texts()).toEqual(['Hello']);
    const kept = await stack.em.fork().findOneOrFail(Segment, { recordingId: session.recordingId });
    const { recordingId } = session;
    const { index, ...said } = utterance;
    expect(kept).toMatchObject({ ...said, id: written?.id, createdAt: written?.createdAt, recordingId, utteranceIndex: index, speakerId: speaker, revision: 0, correctedAt: null });
  });

  it('is not written over what was set aside in its place', async () => {
    await stack.em.execute('update segment set utterance_index = -1, revision = 1 where recording_id = ?', [session.recordingId]);
    expect(await run.final({ ...utterance, index: 7 }, speaker)).toBeNull();
    expect(await texts()).toEqual(['Hello']);
  });

  it('beside what was set aside waits for a correction of that, and does not keep it from going on', async () => {
    const { recordingId } = session;
    const correction = stack.em.fork();
    await correction.begin();
    await correction.execute('select 1 from recording where id = ? for update', [recordingId]);
    const said = { ...utterance, index: 8, endMs: 900, text: 'Hello again', words: [...words, { text: 'again', startMs: 600, endMs: 900 }] };
    const outcome = run.final(said, speaker).catch((error: unknown) => error);
    const waiting = () => stack.em.execute<unknown[]>(`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`);
    while ((await waiting()).length === 0) await new Promise(setImmediate);
    await correction.execute('update segment set revision = 2 where recording_id = ? and utterance_index = -1', [recordingId]);
    await correction.commit();
    expect(await outcome).toMatchObject({ text: 'again' });
    await stack.em.execute('delete from segment where recording_id = ? and utterance_index = 8', [recordingId]);
  });

  it('that waited while its session was taken away is not written', async () => {
    const commit = await begun('update live_session set run_id = null where recording_id = ?', session.recordingId);
    const outcome = run.final(second, speaker).catch((error: unknown) => error);
    const waiting = () => stack.em.execute<unknown[]>(`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`);
    while ((await waiting()).length === 0) await new Promise(setImmediate);
    await commit();
    expect(await outcome).toBeInstanceOf(SupersededError);
    expect(await texts()).toEqual(['Hello']);
  });
});
