import { LIVE_FRAME_SAMPLES } from '@auscult/contracts';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '../../../../../test/index.js';
import { framesOf } from '../../../../../test/live/frame-sender.js';
import { LiveStack } from '../../../../../test/live/live-stack.js';
import { toneSound } from '../../../../../test/live/live-sound.js';
import { Watcher } from '../../../../../test/transcription/watcher.js';
import { ProblemError } from '../../../../platform/http/index.js';
import { LiveAudioStream } from '../live-audio-stream.js';
import { LiveSession } from '../live-session.entity.js';

const sound = toneSound(8);
let stack: LiveStack;
beforeAll(async () => {
  stack = await LiveStack.start();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await stack.clear();
});
afterAll(() => stack.close());

describe('a live session', () => {
  it('becomes a completed recording with its sound and its words', async () => {
    await stack.startWorker();
    const sender = await stack.open(sound);
    const recording = await stack.complete(sender);
    expect(recording).toMatchObject({
      status: 'completed', durationMs: sound.frames * 100, transcribedMs: sound.frames * 100, channelCount: 1, mediaType: 'audio/wav',
      sizeBytes: 44 + sound.frames * LIVE_FRAME_SAMPLES * 2, progress: 1, notices: [], live: { source: 'file', finishing: false },
    });
    const said = await stack.said(sender.recordingId);
    expect(said).toHaveLength(8);
    expect(said[0]).toMatchObject({ text: 'Tone 200' });
    expect(recording.wordCount).toBe(said.reduce((sum, { words }) => sum + words.length, 0));
    expect(await stack.differences(sender.recordingId, sound)).toEqual([]);
    expect(await stack.stack.em.count(LiveSession, { recordingId: sender.recordingId })).toBe(0);
    const { body } = await stack.owner.get<{ peaks: number[][] }>(`/api/recordings/${sender.recordingId}/waveform`);
    expect(Math.max(...(body.peaks[0] ?? []))).toBeGreaterThan(80);
  });

  it('keeps two channels apart', async () => {
    await stack.startWorker();
    const both = toneSound(6, 2);
    const sender = await stack.open(both);
    await stack.complete(sender);
    expect(await stack.differences(sender.recordingId, both)).toEqual([]);
    const { segments, speakers } = await stack.owner.transcript(sender.recordingId);
    expect(speakers.map(({ channel }) => channel)).toEqual([0, 1]);
    expect(speakers.map(({ id }) => segments.filter(({ speakerId }) => speakerId === id).length)).toEqual([6, 6]);
  });

  it('shows words while they are said, and tells how far it is', async () => {
    await stack.startWorker();
    const watcher = await Watcher.connect(stack.owner);
    const sender = await stack.open(sound);
    await watcher.ask('transcript:watch', { recordingId: sender.recordingId });
    await sender.send(framesOf(9), 400);
    await watcher.event('live:partial', ({ firm, tentative }) => `${firm}${tentative}`.includes('Tone'));
    await watcher.event('transcript:segments', ({ segments }) => segments.length > 0);
    const progress = await watcher.event('live:progress', ({ stored }) => stored > 0);
    expect(progress).toMatchObject({ recordingId: sender.recordingId, writer: 1 });
    watcher.close();
  });

  it('may be sent in pieces that come twice, too early and in the wrong order', async () => {
    await stack.startWorker();
    const sender = await stack.open(sound);
    for (let first = 0; first + 12 < sound.frames; first += 4) {
      await sender.sendFrom(first + 4, 8);
      await sender.sendFrom(first, 8);
      await sender.sendFrom(first, 8);
    }
    await stack.complete(sender);
    expect(await stack.differences(sender.recordingId, sound)).toEqual([]);
    expect((await stack.said(sender.recordingId)).map(({ text }) => text)).toHaveLength(8);
  });

  it('that is empty is completed too', async () => {
    await stack.startWorker();
    const sender = await stack.open(sound);
    await sender.finish(0);
    expect(await stack.completed(sender.recordingId)).toMatchObject({ durationMs: 0, notices: ['no-speech'], sizeBytes: 44, secondPass: null });
    expect((await stack.owner.post(`/api/recordings/${sender.recordingId}/retry`)).body).toMatchObject({ code: 'recording-state' });
  });

  it('can be corrected in its first seconds, when none of its words is counted yet', async () => {
    await stack.startWorker();
    const sender = await stack.open(sound);
    await sender.send(framesOf(4));
    const [first] = await stack.written(sender.recordingId, 1);
    const path = `/api/recordings/${sender.recordingId}`;
    expect((await stack.owner.patch(`${path}/segments/${first?.id}`, { expectedRevision: first?.revision, text: '' })).status).toBe(200);
    expect([(await stack.owner.get(path)).status, (await stack.owner.get('/api/recordings')).status]).toEqual([200, 200]);
    expect(await stack.complete(sender)).toMatchObject({ wordCount: 2 * 7 });
  });

  it('is left alone when it is deleted while somebody speaks', async () => {
    const worker = await stack.startWorker();
    const sender = await stack.open(sound);
    await sender.send(framesOf(12));
    await stack.written(sender.recordingId, 2);
    expect((await stack.owner.delete(`/api/recordings/${sender.recordingId}`)).status).toBe(204);
    await eventually(async () => /auscult_live_sessions 0/.test(await (await fetch(`${worker.metricsUrl}/metrics`)).text()));
    expect((await stack.owner.recording(sender.recordingId)).status).toBe(404);
    const other = await stack.open(sound);
    expect(await stack.complete(other)).toMatchObject({ status: 'completed' });
  });

  it('that is deleted while its api does not reach Redis leaves no sound there', async () => {
    await stack.startWorker();
    const sender = await stack.open(sound);
    const { recordingId } = sender;
    await sender.send(framesOf(12));
    await stack.written(recordingId, 2);
    sender.close();
    jest.spyOn(stack.stack.get(LiveAudioStream), 'remove').mockRejectedValueOnce(new ProblemError('unavailable'));
    expect((await stack.owner.delete(`/api/recordings/${recordingId}`)).status).toBe(204);
    await eventually(async () => (await stack.stack.stack.redis.client.keys(`*${recordingId}*`)).length === 0);
  });

  it('is silent where it was put off the record', async () => {
    await stack.startWorker();
    const long = toneSound(40);
    const sender = await stack.open(long);
    const until = framesOf(90);
    await sender.send(until);
    await stack.written(sender.recordingId, 20);
    const silenced = long.silenced(until - framesOf(60), until);
    sender.forgetSound(silenced);
    const forgotten = await sender.forget(1, until);
    expect(forgotten).toMatchObject({ until, from: until - framesOf(60) });
    await stack.complete(sender);
    expect(await stack.differences(sender.recordingId, silenced)).toEqual([]);
    const said = await stack.said(sender.recordingId);
    expect(said.filter(({ startMs, endMs }) => endMs > forgotten.from * 100 && startMs < forgotten.until * 100)).toEqual([]);
    expect(said.length).toBeGreaterThan(10);
  });

  it('keeps what a person corrected when a part of it is put off the record, and hears what comes next', async () => {
    await stack.startWorker();
    const long = toneSound(50);
    const pairAt = (pair: number, seconds: number) => framesOf(5.4 * pair + seconds);
    const sender = await stack.open(long);
    // The second tone of this pair is over and written; the pair is not settled, all before it is.
    const spoken = pairAt(20, 4);
    await sender.send(spoken);
    const last = (await stack.written(sender.recordingId, 42)).at(-1);
    await eventually(async () => {
      await sender.sendFrom(spoken - 1, 1);
      return sender.stored > pairAt(19, 4);
    });
    const path = `/api/recordings/${sender.recordingId}/segments/${last?.id}`;
    expect((await stack.owner.patch(path, { expectedRevision: 0, text: 'As she said it' })).status).toBe(200);
    const until = pairAt(20, 2.7);
    const silenced = long.silenced(until - framesOf(60), until);
    sender.forgetSound(silenced);
    await sender.forget(1, until);
    await stack.complete(sender);
    expect(await stack.differences(sender.recordingId, silenced)).toEqual([]);
    const { segments } = await stack.owner.transcript(sender.recordingId);
    const after = segments.filter(({ endMs }) => endMs > until * 100);
    expect(after[0]).toMatchObject({ id: last?.id, text: 'it' });
    const tones = Array.from({ length: 8 }, (_, tone) => pairAt(21 + Math.floor(tone / 2), 0.4 + (tone % 2) * 1.8));
    expect(after.slice(1).map(({ startMs }) => Math.round(startMs / 100))).toEqual(tones);
  });

  it('tells the operator how it is doing', async () => {
    const worker = await stack.startWorker();
    await stack.complete(await stack.open(sound));
    const metrics = await (await fetch(`${worker.metricsUrl}/metrics`)).text();
    for (const name of ['sessions', 'lag_seconds', 'final_seconds_count', 'first_partial_seconds_count', 'lease_takeovers_total', 'replays_total', 'dropped_partials_total']) {
      expect(metrics).toMatch(new RegExp(`^auscult_live_${name}`, 'm'));
    }
    const stored = /^auscult_live_stored_audio_seconds_total (.*)$/m.exec(metrics)?.[1];
    expect(Number(stored)).toBeCloseTo(sound.frames / 10, 3);
    expect((await fetch(`${worker.metricsUrl}/health/ready`)).status).toBe(200);
  });
});
