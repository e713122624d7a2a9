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
const end = { frames: 10, engine: 'fake', sizeBytes: 44, waveform: { binMs: 100, peaks: [new Uint8Array(1)] }, next: undefined };

function claim(runId: string): Promise<boolean> {
  return stack.get(DatabaseWork).run(() => stack.get(LiveSessionRepository).claim(sender.recordingId, runId));
}

function writesOf(runId: string): LiveRunWrites {
  const stores = {
    em: stack.get(EntityManager), sessions: stack.get(LiveSessionRepository), recordings: stack.get(RecordingRepository),
    transcripts: stack.get(TranscriptRepository), audio: stack.get(PcmAudio),
  };
  return new LiveRunWrites(stores, sender.recordingId, runId, new AbortController().signal);
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
    let reached: () => void = () => undefined;
    let release: () => void = () => undefined;
    const isLocked = new Promise<void>((resolve) => (reached = resolve));
    const released = new Promise<void>((resolve) => (release = resolve));
    const writing = stack.em.fork().transactional(async (em) => {
      await em.execute('select 1 from live_session where recording_id = ? for update', [sender.recordingId]);
      reached();
      await released;
    });
    await isLocked;
    expect((await renew([presentRun])).size).toBe(0);
    release();
    await writing;
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
    expect(await present.settle(stretch, speakerId)).toMatchObject({ stored: 10, recording: null });
    expect(await present.complete(end)).toMatchObject({ status: 'completed', durationMs: 1000, wordCount: 1 });
  });
});
