import type { RecordingView, WaveformView } from '@auscult/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type WorkerProcess, eventually } from '../../../../test/index.js';
import { silenceWav, tonesWav } from '../../../../test/transcription/tones.js';
import { TranscriptionStack } from '../../../../test/transcription/transcription-stack.js';
import { Watcher } from '../../../../test/transcription/watcher.js';
import { ObjectStore, StoredObject } from '../../storage/index.js';
import { Recording } from '../recording.entity.js';

/** The search for lost work, every ten seconds, brings nothing back here: whatever goes on does so by itself. */
const NO_SEARCH = new URL('../../../../test/transcription/no-search-for-lost-jobs.mjs', import.meta.url);

let stack: TranscriptionStack;
let worker: WorkerProcess;
beforeAll(async () => {
  stack = await TranscriptionStack.start();
  worker = await stack.startWorker({ NODE_OPTIONS: `--import=${NO_SEARCH.href}` });
});
afterAll(() => stack.close());

const ended = (id: string): Promise<RecordingView> =>
  eventually(async () => {
    const { body } = await stack.people.owner.recording(id);
    return /completed|failed|cancelled/.test(body.status) ? body : null;
  });

const metricsText = async () => (await fetch(`${worker.metricsUrl}/metrics`)).text();

async function superseded(): Promise<number> {
  const text = await metricsText();
  return Number(/auscult_transcription_runs_total\{outcome="superseded"\} (\d+)/.exec(text)?.[1] ?? 0);
}

describe('a recording', () => {
  it('is transcribed while its page watches', async () => {
    const { owner } = stack.people;
    const page = await Watcher.connect(owner);
    const { id } = (await owner.upload(tonesWav(30))).body;
    expect(await page.ask('transcript:watch', { recordingId: id })).toEqual({ ok: true });
    const { recording } = await page.event('recording:changed', (event) => event.recording.status === 'completed');
    page.close();
    expect(recording).toMatchObject({
      id, durationMs: 120_000, transcribedMs: 120_000, progress: 1, channelCount: 1, wordCount: 60, failure: null, notices: [], mediaType: 'audio/wav',
    });
    const transcript = await owner.transcript(id);
    expect(transcript.engine).toBe('fake');
    expect(transcript.speakers).toMatchObject([{ name: 'Speaker 1', position: 0, channel: 0 }]);
    const tones = Array.from({ length: 30 }, (_, tone) => `Tone ${200 + 200 * (tone % 20)}`);
    expect(transcript.segments.map(({ text }) => text)).toEqual(tones);
    for (const [index, segment] of transcript.segments.entries()) {
      expect(segment).toMatchObject({ wordTiming: 'estimated', revision: 0, correctedAt: null });
      expect(Math.abs(segment.startMs - index * 4000)).toBeLessThan(300);
      expect(segment.words.map((word) => word.text).join(' ')).toBe(segment.text);
      expect(segment.words.every(({ startMs, endMs }) => startMs >= segment.startMs && endMs <= segment.endMs)).toBe(true);
    }
    const told = page.all('transcript:segments').flatMap(({ segments }) => segments);
    expect(new Set(told.map(({ id: segmentId }) => segmentId)).size).toBe(told.length);
    for (const segment of told) expect(transcript.segments).toContainEqual(segment);
    expect(page.all('transcript:segments').length).toBeGreaterThan(1);
    const progress = page.all('recording:changed').map((event) => event.recording.transcribedMs);
    expect(progress).toEqual([...progress].sort((one, other) => one - other));
    const waveform = (await owner.get<WaveformView>(`/api/recordings/${id}/waveform`)).body;
    expect(waveform.peaks).toHaveLength(1);
    expect((waveform.peaks[0] ?? []).length * waveform.binMs).toBeCloseTo(120_000, -3);
    expect(Math.max(...(waveform.peaks[0] ?? []))).toBeGreaterThan(50);
  });

  it('has a speaker for each of its two channels', async () => {
    const { owner } = stack.people;
    const { id } = (await owner.upload(tonesWav(3, { channels: 2 }))).body;
    expect(await ended(id)).toMatchObject({ status: 'completed', channelCount: 2, wordCount: 12 });
    const { speakers, segments } = await owner.transcript(id);
    expect(speakers.map(({ name, channel }) => [name, channel])).toEqual([['Speaker 1', 0], ['Speaker 2', 1]]);
    const saidBy = (channel: number) => segments.filter(({ speakerId }) => speakerId === speakers[channel]?.id).map(({ text }) => text);
    expect(saidBy(0)).toEqual(['Tone 200', 'Tone 400', 'Tone 600']);
    expect(saidBy(1)).toEqual(['Tone 400', 'Tone 600', 'Tone 800']);
  });

  it('says so when it holds no speech', async () => {
    const { id } = (await stack.people.owner.upload(silenceWav(5))).body;
    expect(await ended(id)).toMatchObject({ status: 'completed', notices: ['no-speech'], wordCount: 0, durationMs: 5000 });
    expect((await stack.people.owner.transcript(id)).segments).toEqual([]);
  });

  it('says so when it ends early, and keeps what could be read', async () => {
    const wav = tonesWav(4);
    const { id } = (await stack.people.owner.upload(wav.subarray(0, wav.length / 2))).body;
    expect(await ended(id)).toMatchObject({ status: 'completed', notices: ['audio-truncated'] });
    expect((await stack.people.owner.transcript(id)).segments.map(({ text }) => text)).toEqual(['Tone 200', 'Tone 400']);
  });

  it.each([
    ['only a header', tonesWav(1).subarray(0, 44)],
    ['noise that no decoder knows', Buffer.from(Array.from({ length: 50_000 }, (_, at) => (at * at * 31 + 7) % 256))],
    ['a damaged mp4', Buffer.concat([Buffer.from('0000001c667479704d34412000000000', 'hex'), Buffer.alloc(20_000, 0x5a)])],
  ])('fails clearly or is empty: %s', async (_what, content) => {
    const { status, body } = await stack.people.owner.upload(content, 'x.m4a');
    expect([201, 422]).toContain(status);
    if (status === 422) return;
    const end = await ended(body.id);
    if (end.status === 'failed') expect(['not-audio', 'no-audio-track', 'audio-damaged']).toContain(end.failure?.code);
    else expect(end).toMatchObject({ status: 'completed', wordCount: 0 });
    expect((await stack.people.owner.transcript(body.id)).segments).toEqual([]);
  });

  it('fails when its audio is gone', async () => {
    const { owner } = stack.people;
    const { id } = (await owner.upload(tonesWav(1))).body;
    await ended(id);
    await stack.get(ObjectStore).delete(id);
    await owner.post(`/api/recordings/${id}/retry`);
    expect(await ended(id)).toMatchObject({ status: 'failed', failure: { code: 'audio-missing' } });
  });
});

describe('cancelling', () => {
  it('stops the worker, and a retry goes on where it stopped', async () => {
    const { owner } = stack.people;
    const page = await Watcher.connect(owner);
    const before = await superseded();
    const { id } = (await owner.upload(tonesWav(60))).body;
    await page.ask('transcript:watch', { recordingId: id });
    await page.event('transcript:segments', ({ recordingId }) => recordingId === id);
    expect((await owner.post<RecordingView>(`/api/recordings/${id}/cancel`)).body.status).toBe('cancelled');
    const stopped = await owner.transcript(id);
    expect(stopped.segments.length).toBeGreaterThan(0);
    expect(stopped.segments.length).toBeLessThan(60);
    await eventually(async () => (await superseded()) > before);
    expect(await owner.transcript(id)).toEqual(stopped);
    expect((await owner.recording(id)).body.status).toBe('cancelled');

    expect((await owner.post<RecordingView>(`/api/recordings/${id}/retry`)).status).toBe(200);
    expect(await ended(id)).toMatchObject({ status: 'completed', wordCount: 120 });
    const { segments } = await owner.transcript(id);
    expect(segments.map(({ text }) => text)).toEqual(Array.from({ length: 60 }, (_, tone) => `Tone ${200 + 200 * (tone % 20)}`));
    expect(segments.slice(0, stopped.segments.length)).toEqual(stopped.segments);
    page.close();
  });

  it('may be taken back at once', async () => {
    const { owner } = stack.people;
    const page = await Watcher.connect(owner);
    const { id } = (await owner.upload(tonesWav(20))).body;
    await page.ask('transcript:watch', { recordingId: id });
    await page.event('transcript:segments', ({ recordingId }) => recordingId === id);
    page.close();
    await owner.post(`/api/recordings/${id}/cancel`);
    await owner.post(`/api/recordings/${id}/retry`);
    await eventually(async () => (await owner.recording(id)).body.status === 'completed');
    expect((await owner.transcript(id)).segments.map(({ text }) => text)).toEqual(Array.from({ length: 20 }, (_, tone) => `Tone ${200 + 200 * tone}`));
  });
});

describe('metrics', () => {
  it('tell how much was transcribed, how fast, and how it ended', async () => {
    const text = await metricsText();
    expect(text).toMatch(/auscult_transcription_runs_total\{outcome="completed"\} [1-9]/);
    expect(Number(/^auscult_transcribed_audio_seconds_total ([\d.]+)/m.exec(text)?.[1])).toBeGreaterThan(120);
    expect(Number(/^auscult_transcription_first_words_seconds_count ([\d.]+)/m.exec(text)?.[1])).toBeGreaterThan(1);
    expect(Number(/^auscult_transcription_speed_ratio_count ([\d.]+)/m.exec(text)?.[1])).toBeGreaterThan(1);
  });
});

describe('deleting', () => {
  it('stops the worker and leaves nothing', async () => {
    const { owner } = stack.people;
    const page = await Watcher.connect(owner);
    const { id } = (await owner.upload(tonesWav(60))).body;
    await page.ask('transcript:watch', { recordingId: id });
    await page.event('transcript:segments', ({ recordingId }) => recordingId === id);
    expect((await owner.delete(`/api/recordings/${id}`)).status).toBe(204);
    page.close();
    await eventually(async () => (await stack.em.findOne(StoredObject, { id })) === null);
    expect(await stack.em.count(Recording, { id })).toBe(0);
  });
});
