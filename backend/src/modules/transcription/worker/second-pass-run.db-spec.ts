import { randomUUID } from 'node:crypto';
import type { MikroORM } from '@mikro-orm/core';
import type { PostgreSqlDriver } from '@mikro-orm/postgresql';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { UtteranceEvent } from '@auscult/speech';
import { type OwnedDatabase, createOwnedDatabase } from '../../../../test/transcription/owned-database.js';
import { Recording } from '../recording.entity.js';
import { RecordingRepository } from '../recording.repository.js';
import { SegmentRevision } from '../segment-revision.entity.js';
import { Segment } from '../segment.entity.js';
import { Speaker } from '../speaker.entity.js';
import { TranscriptRepository } from '../transcript.repository.js';
import { RunSupersededError } from './fenced.js';
import { RunClaims } from './run-claims.service.js';
import type { SecondPassRun } from './second-pass-run.js';

let database: OwnedDatabase;
let orm: MikroORM<PostgreSqlDriver>;
let claims: RunClaims;
let ownerId: string;
let id: string;

beforeAll(async () => {
  database = await createOwnedDatabase();
  ({ orm, ownerId } = database);
  claims = new RunClaims(orm.em, new RecordingRepository(orm.em), new TranscriptRepository(orm.em));
});
afterAll(() => database.close());

/** What the live model wrote: two seconds each from 0, 10, 20 ... seconds on, on the first of two channels. */
const WRITTEN = ['how did you sleep', 'not very whale', 'it hurts here'];
beforeEach(() => written(WRITTEN));

async function written(texts: readonly string[]): Promise<void> {
  id = randomUUID();
  const em = orm.em.fork();
  const now = new Date();
  const recording = Recording.startLive({ id, ownerId, title: 'T', source: 'telehealth', channelCount: 2 }, now);
  recording.engine = 'worse';
  recording.completeLive({ durationMs: 60_000, notices: texts.length === 0 ? ['no-speech'] : ['channel-silent'], waveform: { binMs: 10, peaks: [] } }, now, 'second-pass');
  const speakers = [Speaker.ofChannel(id, 0, 0), Speaker.ofChannel(id, 1, 1)];
  em.persist(recording);
  await em.flush();
  em.persist(speakers);
  await em.flush();
  em.persist(texts.map((text, at) => Segment.recognized(id, speakers[0]?.id ?? '', { ...heard(at * 10_000, text), index: at * 2 }, now)));
  recording.wordCount = texts.join(' ').split(' ').length;
  await em.flush();
}

function heard(startMs: number, text: string, channel = 0): UtteranceEvent {
  const words = text.split(' ').map((word, at) => ({ text: word, startMs: startMs + at * 400, endMs: startMs + at * 400 + 300 }));
  return { kind: 'utterance', index: 0, channel, startMs, endMs: startMs + 2000, text, words, wordTiming: 'estimated' };
}
const HEARD = [heard(100, 'How did you sleep?'), heard(10_100, 'Not very well.'), heard(20_000, 'It hurts here.')];

async function claimed(): Promise<SecondPassRun> {
  const claim = await claims.claim(id, ({ secondPass }) => secondPass);
  if (claim.outcome !== 'claimed') throw new Error('Not claimed');
  return claims.secondPass(claim, new AbortController().signal);
}

const row = () => orm.em.fork().findOneOrFail(Recording, { id });
const segments = () => orm.em.fork().find(Segment, { recordingId: id }, { orderBy: { startMs: 'asc', utteranceIndex: 'asc' } });
const texts = async () => (await segments()).map(({ text }) => text);

/** As the corrections do it: under the recording's lock. Ends when `until` does. */
async function correct(at: number, text: string, until: Promise<unknown> = Promise.resolve()): Promise<void> {
  const repository = new RecordingRepository(orm.em);
  await orm.em.fork().transactional(async (em) => {
    await repository.forUpdate(id);
    const segment = await em.findOneOrFail(Segment, { recordingId: id, utteranceIndex: at * 2 });
    em.persist(segment.correct({ expectedRevision: segment.revision, text }, ownerId, [], new Date()));
    await until;
  });
}

describe('SecondPassRun', () => {
  it('gives the new words to the segments that were there', async () => {
    const before = await segments();
    const run = await claimed();
    await run.begin('better');
    const { segments: told } = await run.complete(HEARD, 'better');
    const now = await segments();
    expect(now.map(({ text }) => text)).toEqual(['How did you sleep?', 'Not very well.', 'It hurts here.']);
    expect(told.map((segment) => segment.id)).toEqual(before.map((segment) => segment.id));
    for (const [at, segment] of now.entries()) {
      const { id: same, utteranceIndex, channel, speakerId, startMs, endMs } = before[at] as Segment;
      expect(segment).toMatchObject({ id: same, utteranceIndex, channel, speakerId, startMs, endMs, revision: 0, correctedAt: null });
      expect(segment.words.map((word) => word.text).join(' ')).toBe(segment.text);
      expect(segment.words.every((word) => word.startMs >= startMs && word.endMs <= endMs)).toBe(true);
    }
    expect(await row()).toMatchObject({
      status: 'completed', engine: 'better', wordCount: 10, notices: ['channel-silent'], secondPass: { state: 'done', runId: null, engine: 'better' },
    });
  });

  it('tells only what has changed', async () => {
    const run = await claimed();
    const { segments: told } = await run.complete([heard(0, 'how did you sleep'), heard(10_000, 'not very well')], 'better');
    expect(told.map(({ text }) => text)).toEqual(['not very well']);
    expect(await texts()).toEqual(['how did you sleep', 'not very well', 'it hurts here']);
  });

  it('leaves alone what a person has corrected, before or meanwhile, and its history', async () => {
    await correct(0, 'How DID you sleep?');
    const run = await claimed();
    await correct(1, 'Not at all.');
    await correct(1, 'not very whale');
    await run.complete(HEARD, 'better');
    expect(await texts()).toEqual(['How DID you sleep?', 'not very whale', 'It hurts here.']);
    const [first, second] = await segments();
    expect([first?.revision, second?.revision]).toEqual([1, 2]);
    const states = await orm.em.fork().find(SegmentRevision, { segmentId: second?.id ?? '' }, { orderBy: { revision: 'asc' } });
    expect(states.map(({ text }) => text)).toEqual(['not very whale', 'Not at all.', 'not very whale']);
    expect((await row()).wordCount).toBe(4 + 3 + 3);
  });

  it('waits for a correction that is being written at that moment', async () => {
    const run = await claimed();
    let release: () => void = () => undefined;
    const correcting = correct(1, 'Mine.', new Promise<void>((resolve) => (release = resolve)));
    await locked();
    const completing = run.complete(HEARD, 'better');
    await waitsForLock();
    release();
    await Promise.all([correcting, completing]);
    expect(await texts()).toEqual(['How did you sleep?', 'Mine.', 'It hurts here.']);
  });

  it('does not give words to a neighbour that a person has taken out', async () => {
    await written(['it began on', 'my name is ann']);
    await orm.em.fork().nativeUpdate(Segment, { recordingId: id, utteranceIndex: 2 }, { startMs: 2000, endMs: 4000 });
    await correct(1, '');
    await (await claimed()).complete([{ ...heard(0, 'It began on. My name is Ann.'), endMs: 4000 }], 'better');
    expect(await texts()).toEqual(['It began on.', '']);
  });

  it('adds a segment where words were heard and nothing was written', async () => {
    const run = await claimed();
    const { segments: told } = await run.complete([...HEARD, heard(5000, 'Badly.', 1), heard(40_000, 'Good bye.')], 'better');
    expect(await texts()).toEqual(['How did you sleep?', 'Badly.', 'Not very well.', 'It hurts here.', 'Good bye.']);
    expect(told).toHaveLength(5);
    const [, badly, , , bye] = await segments();
    const speakers = await orm.em.fork().find(Speaker, { recordingId: id }, { orderBy: { position: 'asc' } });
    expect(badly).toMatchObject({ utteranceIndex: 5, channel: 1, speakerId: speakers[1]?.id, startMs: 5000, endMs: 7000 });
    expect(bye).toMatchObject({ utteranceIndex: 6, channel: 0, speakerId: speakers[0]?.id });
    expect(await row()).toMatchObject({ wordCount: 13, notices: [] });
  });

  it('finds words in a session in which none were heard', async () => {
    await written([]);
    await (await claimed()).complete([heard(0, 'Hello.')], 'better');
    expect(await row()).toMatchObject({ wordCount: 1, notices: ['channel-silent'] });
    expect(await texts()).toEqual(['Hello.']);
  });

  it('writes once, also when the answer to the commit was lost', async () => {
    const run = await claimed();
    await run.complete([heard(40_000, 'Good bye.')], 'better');
    await expect(run.complete([heard(40_000, 'Good bye.')], 'better')).rejects.toThrow(RunSupersededError);
    expect(await texts()).toEqual([...WRITTEN, 'Good bye.']);
  });

  it('stops when another run has taken over, or the recording is gone, whatever it does', async () => {
    const late = await claimed();
    await orm.em.fork().nativeUpdate(Recording, { id }, { secondPass: { heartbeatAt: new Date(Date.now() - 60_000) } });
    const run = await claimed();
    const deeds = (one: SecondPassRun) => [() => one.begin('x'), () => one.beat(), () => one.complete(HEARD, 'x'), () => one.fail(), () => one.release('fault')];
    for (const deed of deeds(late)) await expect(deed()).rejects.toThrow(RunSupersededError);
    expect(await texts()).toEqual(WRITTEN);
    run.reachedMs = 30_000;
    expect((await run.beat()).secondPass).toMatchObject({ state: 'running', reachedMs: 30_000 });
    await orm.em.fork().nativeDelete(Recording, { id });
    for (const deed of deeds(run)) await expect(deed()).rejects.toThrow(RunSupersededError);
    expect((await claims.claim(id, ({ secondPass }) => secondPass)).outcome).toBe('taken');
  });

  it('changes nothing when it fails, and can be asked for again', async () => {
    await (await claimed()).fail();
    expect(await row()).toMatchObject({ status: 'completed', engine: 'worse', secondPass: { state: 'failed', runId: null } });
    expect(await texts()).toEqual(WRITTEN);
    await expect(claimed()).rejects.toThrow('Not claimed');
  });

  it('is no transcription: that one cannot be claimed', async () => {
    expect((await claims.claim(id)).outcome).toBe('taken');
  });
});

describe('RecordingRepository.unattendedSecondPasses', () => {
  it('knows what waits and what lost its worker, and nothing else', async () => {
    const found = async () => (await new RecordingRepository(orm.em.fork()).unattendedSecondPasses(new Date())).includes(id);
    expect(await found()).toBe(true);
    expect(await new RecordingRepository(orm.em.fork()).unattended(new Date())).not.toContain(id);
    const run = await claimed();
    expect(await found()).toBe(false);
    await orm.em.fork().nativeUpdate(Recording, { id }, { secondPass: { heartbeatAt: new Date(Date.now() - 60_000) } });
    expect(await found()).toBe(true);
    await run.complete([], 'better');
    expect(await found()).toBe(false);
  });
});

/** Resolves once the row is locked by somebody. */
async function locked(): Promise<void> {
  for (;;) {
    const rows = await orm.em.fork().execute('select id from recording where id = ? for update skip locked', [id]);
    if (rows.length === 0) return;
  }
}

/** Resolves once a statement waits for a lock. */
async function waitsForLock(): Promise<void> {
  for (;;) {
    const rows = await orm.em.fork().execute(`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`);
    if (rows.length > 0) return;
  }
}
