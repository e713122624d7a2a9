import { randomUUID } from 'node:crypto';
import type { MikroORM } from '@mikro-orm/core';
import type { PostgreSqlDriver } from '@mikro-orm/postgresql';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { UtteranceEvent } from '@auscult/speech';
import { type OwnedDatabase, createOwnedDatabase } from '../../../../test/transcription/owned-database.js';
import { Recording } from '../recording.entity.js';
import { RecordingRepository } from '../recording.repository.js';
import { Segment } from '../segment.entity.js';
import { Speaker } from '../speaker.entity.js';
import { TranscriptRepository } from '../transcript.repository.js';
import { RunSupersededError } from './fenced.js';
import { RunClaims } from './run-claims.service.js';
import type { TranscriptionRun } from './transcription-run.js';

let database: OwnedDatabase;
let orm: MikroORM<PostgreSqlDriver>;
let claims: RunClaims;
let recordings: RecordingRepository;
let ownerId: string;
let id: string;

beforeAll(async () => {
  database = await createOwnedDatabase();
  ({ orm, ownerId } = database);
  recordings = new RecordingRepository(orm.em);
  claims = new RunClaims(orm.em, recordings, new TranscriptRepository(orm.em));
});
afterAll(() => database.close());
beforeEach(async () => {
  id = randomUUID();
  const em = orm.em.fork();
  em.persist(Recording.submit({ id, ownerId, title: 'T', mediaType: 'audio/wav', sizeBytes: 5_000_000_000 }, new Date()));
  await em.flush();
});

const facts = { mediaType: 'audio/wav', channelCount: 1, durationMs: 60_000, engine: 'fake' };

function utterances(from: number, to: number): UtteranceEvent[] {
  return Array.from({ length: to - from }, (_, at) => {
    const index = from + at;
    const words = [{ text: `word${index}`, startMs: index * 1000, endMs: index * 1000 + 500 }];
    return { kind: 'utterance', index, channel: 0, startMs: index * 1000, endMs: index * 1000 + 800, text: `word${index}`, words, wordTiming: 'estimated' };
  });
}

async function claimed(): Promise<{ run: TranscriptionRun; speakers: Speaker[] }> {
  const claim = await claims.claim(id);
  if (claim.outcome !== 'claimed') throw new Error('Not claimed');
  const run = claims.run(claim, new AbortController().signal);
  return { run, speakers: (await run.opened(facts)).speakers };
}

const row = () => orm.em.fork().findOneOrFail(Recording, { id });
const texts = async () => (await orm.em.fork().find(Segment, { recordingId: id }, { orderBy: { utteranceIndex: 'asc' } })).map(({ text }) => text);
/** As if the heart of the present run had stopped a minute ago. */
const silence = () => orm.em.fork().nativeUpdate(Recording, { id }, { heartbeatAt: new Date(Date.now() - 60_000) });

describe('TranscriptionRun', () => {
  it('saves utterances and the checkpoint together', async () => {
    const { run, speakers } = await claimed();
    run.reachedMs = 2000;
    const { segments } = await run.save(utterances(0, 3), speakers);
    expect(segments.map(({ text }) => text)).toEqual(['word0', 'word1', 'word2']);
    expect(await row()).toMatchObject({ utterancesDone: 3, wordCount: 3, transcribedMs: 2000, attempts: 0, sizeBytes: 5_000_000_000 });
  });

  it('moves the checkpoint over an utterance without words', async () => {
    const { run, speakers } = await claimed();
    await run.save(utterances(0, 3).map((one) => (one.index === 1 ? { ...one, text: '', words: [] } : one)), speakers);
    expect(await texts()).toEqual(['word0', 'word2']);
    expect((await row()).utterancesDone).toBe(3);
  });

  it('saves a batch once whose commit was not answered', async () => {
    const { run, speakers } = await claimed();
    await run.save(utterances(0, 2), speakers);
    await run.save(utterances(0, 2), speakers);
    await run.save(utterances(2, 4), speakers);
    expect(await texts()).toEqual(['word0', 'word1', 'word2', 'word3']);
    expect(await row()).toMatchObject({ utterancesDone: 4, wordCount: 4 });
  });

  it('refuses to leave a gap', async () => {
    const { run, speakers } = await claimed();
    await expect(run.save(utterances(1, 2), speakers)).rejects.toThrow('checkpoint');
    expect(await texts()).toEqual([]);
  });

  it('stops when another run has taken over, whatever it does', async () => {
    const { run: late, speakers } = await claimed();
    await late.save(utterances(0, 1), speakers);
    await silence();
    const { run } = await claimed();
    const waveform = { binMs: 10, peaks: [new Uint8Array(3)] };
    const deeds = [
      () => late.save(utterances(1, 2), speakers), () => late.beat(), () => late.opened(facts), () => late.complete({ durationMs: 1, waveform }, false),
      () => late.fail('not-audio'), () => late.release('fault'),
    ];
    for (const deed of deeds) await expect(deed()).rejects.toThrow(RunSupersededError);
    await run.save(utterances(1, 2), speakers);
    expect(await texts()).toEqual(['word0', 'word1']);
    expect((await row()).status).toBe('transcribing');
  });

  it('stops when the recording was cancelled or deleted', async () => {
    const { run, speakers } = await claimed();
    await orm.em.fork().nativeUpdate(Recording, { id }, { status: 'cancelled', runId: null });
    await expect(run.save(utterances(0, 1), speakers)).rejects.toThrow(RunSupersededError);
    await orm.em.fork().nativeDelete(Recording, { id });
    await expect(run.beat()).rejects.toThrow(RunSupersededError);
    expect((await claims.claim(id)).outcome).toBe('taken');
  });

  it('lets one of two that claim at once', async () => {
    const outcomes = await Promise.all([claims.claim(id), claims.claim(id), claims.claim(id)]);
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['claimed', 'taken', 'taken']);
  });

  it('gives each channel one speaker, also in a second run', async () => {
    await claimed();
    await silence();
    const { speakers } = await claimed();
    expect(speakers).toHaveLength(1);
    expect(await orm.em.fork().count(Speaker, { recordingId: id })).toBe(1);
  });

  it('says what there is to say at the end', async () => {
    const { run, speakers } = await claimed();
    await run.opened({ ...facts, channelCount: 2 });
    await run.save(utterances(0, 1), speakers);
    await run.complete({ durationMs: 60_000, waveform: { binMs: 10, peaks: [new Uint8Array(3), new Uint8Array(3)] } }, true);
    expect(await row()).toMatchObject({ status: 'completed', notices: ['channel-silent', 'audio-truncated'] });
  });
});

describe('RecordingRepository.unattended', () => {
  it('knows what waits and what lost its worker, and nothing else', async () => {
    const found = () => recordings.unattended(new Date()).then((ids) => ids.includes(id));
    recordings = new RecordingRepository(orm.em.fork());
    expect(await found()).toBe(true);
    const { run } = await claimed();
    expect(await found()).toBe(false);
    await silence();
    expect(await found()).toBe(true);
    await run.fail('not-audio');
    expect(await found()).toBe(false);
  });
});
