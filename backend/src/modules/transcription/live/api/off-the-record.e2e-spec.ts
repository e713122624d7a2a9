import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { MarkersView, SegmentHistoryView, WordTiming } from '@auscult/contracts';
import { eventually } from '../../../../../test/index.js';
import { framesFrom } from '../../../../../test/transcription/live-frames.js';
import { LiveSender, codeOf } from '../../../../../test/transcription/live-sender.js';
import { TranscriptionStack } from '../../../../../test/transcription/transcription-stack.js';
import { RedisConnections } from '../../../../platform/redis/index.js';
import { PcmAudio } from '../../../storage/index.js';
import { Segment } from '../../segment.entity.js';
import { Speaker } from '../../speaker.entity.js';
import { LiveAudioStream } from '../live-audio-stream.js';
import { LiveSession } from '../live-session.entity.js';
import { LiveTrack } from '../live-track.entity.js';
import { Marker } from '../marker.entity.js';

let stack: TranscriptionStack;

beforeAll(async () => {
  stack = await TranscriptionStack.start();
});

// Only so many may be open at once.
afterEach(() => stack.em.execute(`update recording set live_frames = 1000 where status = 'live'`));

afterAll(() => stack.close());

const owner = () => stack.people.owner;

interface Said {
  startMs: number;
  text: string;
  /** Of each word, one after the other. */
  wordMs?: number;
  wordTiming?: WordTiming;
}

const OVER_THE_BORDER: Said = { startMs: 9_700, text: 'half is kept secret words' };

/**
 * A session of 70 s: 1000 frames received, 900 stored as a worker does, the words below. Frames 100 to 699 are its minute before
 * frame 700.
 */
async function spokenSession(overTheBorder = OVER_THE_BORDER): Promise<LiveSender> {
  const sender = await LiveSender.begin(owner());
  await sender.sendAll(0, 1000);
  const { recordingId } = sender;
  const pcm = stack.get(PcmAudio);
  const em = stack.em;
  const loud = new Int16Array(450 * 1600).fill(1000);
  const ids = [await pcm.write(owner().userId ?? '', loud), await pcm.write(owner().userId ?? '', loud)];
  await em.transactional(async (tx) => {
    for (const [at, objectId] of ids.entries()) await pcm.attach(tx, recordingId, { channel: 0, startSample: at * loud.length, sampleCount: loud.length, objectId });
    const track = await tx.findOneOrFail(LiveTrack, { recordingId, channel: 0 });
    track.storedSamples = 900 * 1600;
    track.nextUtterance = 4;
    (await tx.findOneOrFail(LiveSession, { recordingId })).runId = randomUUID();
    const speaker = await tx.findOneOrFail(Speaker, { recordingId });
    const said: Said[] = [
      { startMs: 2_000, text: 'kept from the beginning' }, overTheBorder, { startMs: 30_000, text: 'all of it secret' }, { startMs: 72_000, text: 'kept after it' },
      { startMs: 91_000, text: 'not settled yet' },
    ];
    for (const [index, one] of said.entries()) tx.persist(segmentOf(recordingId, speaker.id, index, one));
  });
  await em.execute('update recording set word_count = 16 where id = ?', [recordingId]);
  await stack.get(LiveAudioStream).stored(recordingId, 900);
  return sender;
}

function segmentOf(recordingId: string, speakerId: string, index: number, { startMs, text, wordMs = 100, wordTiming = 'engine' }: Said): Segment {
  const words = text.split(' ').map((word, at) => ({ text: word, startMs: startMs + at * wordMs, endMs: startMs + (at + 1) * wordMs }));
  const endMs = startMs + words.length * wordMs;
  return Segment.recognized(recordingId, speakerId, { index, channel: 0, startMs, endMs, text, words, wordTiming }, new Date());
}

const textsOf = async (sender: LiveSender) => (await owner().transcript(sender.recordingId)).segments.map(({ text }) => text);

describe('off the record', () => {
  it('drops words, stored sound and sound on its way, interrupts the worker, and leaves a marker', async () => {
    const sender = await spokenSession();
    const { recordingId } = sender;
    const before = (await owner().transcript(recordingId)).segments;
    const markerId = randomUUID();
    expect(await sender.forget(1, 700, markerId)).toEqual({ ok: true, from: 100, until: 700 });
    expect(await textsOf(sender)).toEqual(['kept from the beginning', 'half is kept', 'kept after it']);
    expect((await owner().recording(recordingId)).body.wordCount).toBe(16 - 4 - 2);
    const { body } = await owner().get<MarkersView>(`/api/recordings/${recordingId}/markers`);
    expect(body.markers).toMatchObject([{ id: markerId, kind: 'off-record', atMs: 10_000, durationMs: 60_000, label: null }]);
    expect(await stack.em.findOneOrFail(LiveSession, { recordingId })).toMatchObject({ runId: null, writer: 1 });
    const sound = await stack.get(PcmAudio).read(recordingId, 0, 0, 900 * 1600);
    expect(sound.subarray(0, 100 * 1600).every((sample) => sample === 1000)).toBe(true);
    expect(sound.subarray(100 * 1600, 700 * 1600).every((sample) => sample === 0)).toBe(true);
    expect(sound.subarray(700 * 1600).every((sample) => sample === 1000)).toBe(true);
    const { watcher } = sender;
    const gone = await watcher.event('transcript:removed');
    expect([...gone.segmentIds].sort()).toEqual([before[2]?.id, before[4]?.id].sort());
    expect((await watcher.event('transcript:segments')).segments).toMatchObject([{ id: before[1]?.id, text: 'half is kept', revision: 1, correctedAt: null }]);
    await watcher.event('live:markers', ({ markers }) => markers.length === 1);
    expect(await watcher.event('live:partial')).toMatchObject({ channel: 0, firm: '', tentative: '' });
  });

  it('takes words out of every kept state of a corrected segment, and out of reach of an editor that still shows them', async () => {
    // Long enough that the border cuts behind the words that are kept, though a corrected text has estimated times.
    const sender = await spokenSession({ startMs: 6_000, text: 'half is told in the open before this secret words', wordMs: 500 });
    const { recordingId } = sender;
    const segment = (await owner().transcript(recordingId)).segments[1];
    const path = `/api/recordings/${recordingId}/segments/${segment?.id ?? ''}`;
    const corrected = await owner().patch(path, { expectedRevision: 0, text: 'half is TOLD in the open before this secret words too' });
    expect(corrected.status).toBe(200);
    await sender.forget(1, 700);
    const { revisions } = (await owner().get<SegmentHistoryView>(`${path}/history`)).body;
    expect(revisions.map(({ revision }) => revision)).toEqual([2, 1, 0]);
    for (const { text } of revisions) {
      expect(text).toMatch(/^half is/);
      expect(text).not.toMatch(/secret|words|too/);
    }
    const rows = await stack.em.execute<{ kept: string }[]>(
      'select words::text || text as kept from segment_revision where segment_id = ? union all select words::text || text from segment where recording_id = ?',
      [segment?.id ?? '', recordingId],
    );
    expect(rows.length).toBeGreaterThan(3);
    for (const { kept } of rows) expect(kept).not.toMatch(/secret/);
    expect((await owner().patch(path, { expectedRevision: 1, text: 'half is kept secret words' })).body).toMatchObject({ code: 'conflict' });
  });

  it('drops what may have been said in it where the times of the words are estimated', async () => {
    const text = [...Array<string>(4).fill('kept'), ...Array<string>(6).fill('perhaps'), ...Array<string>(10).fill('secret')].join(' ');
    const sender = await spokenSession({ startMs: 5_000, text, wordMs: 500, wordTiming: 'estimated' });
    await sender.forget(1, 700);
    expect(await textsOf(sender)).toEqual(['kept from the beginning', 'kept kept kept kept', 'kept after it']);
  });

  it('is out of reach too of an editor that knows words which a correction had removed', async () => {
    const sender = await spokenSession({ ...OVER_THE_BORDER, startMs: 7_000, wordMs: 1_000 });
    const { recordingId, watcher } = sender;
    const segment = (await owner().transcript(recordingId)).segments[1];
    const path = `/api/recordings/${recordingId}/segments/${segment?.id ?? ''}`;
    expect((await owner().patch(path, { expectedRevision: 0, text: 'half' })).status).toBe(200);
    await sender.forget(1, 700);
    expect((await owner().patch(path, { expectedRevision: 1, text: OVER_THE_BORDER.text })).body).toMatchObject({ code: 'conflict' });
    expect((await watcher.event('transcript:segments', ({ segments }) => segments[0]?.revision === 2)).segments).toMatchObject([{ id: segment?.id, text: 'half' }]);
    const { revisions } = (await owner().get<SegmentHistoryView>(`${path}/history`)).body;
    expect(revisions.map(({ revision, text }) => [revision, text])).toEqual([[2, 'half'], [1, 'half'], [0, 'half is kept']]);
  });

  it('leaves no label of a marker in it, whether that came before or comes later', async () => {
    const sender = await spokenSession();
    const { recordingId, watcher } = sender;
    const mark = (atMs: number) => sender.ask('live:mark', { recordingId, markerId: randomUUID(), kind: 'marker', atMs, label: 'spoken of' });
    for (const atMs of [9_999, 10_000, 69_999, 70_000]) await mark(atMs);
    await sender.forget(1, 700);
    const labels = (markers: MarkersView['markers']) => markers.flatMap(({ kind, atMs, label }) => (kind === 'marker' ? [[atMs, label]] : []));
    const told = await watcher.event('live:markers', ({ markers }) => markers.length === 5);
    expect(labels(told.markers)).toEqual([[9_999, 'spoken of'], [10_000, null], [69_999, null], [70_000, 'spoken of']]);
    for (const atMs of [40_000, 80_000]) expect(codeOf(await mark(atMs))).toBeNull();
    const { body } = await owner().get<MarkersView>(`/api/recordings/${recordingId}/markers`);
    expect(labels(body.markers)).toEqual([[9_999, 'spoken of'], [10_000, null], [40_000, null], [69_999, null], [70_000, 'spoken of'], [80_000, 'spoken of']]);
  });

  it('leaves none either of a marker that comes while the stretch is being put off the record', async () => {
    const sender = await LiveSender.begin(owner());
    const { recordingId } = sender;
    const marked = await stack.em.transactional(async (em) => {
      await em.execute('select 1 from recording where id = ? for update', [recordingId]);
      await em.persist(Marker.offRecord(randomUUID(), recordingId, { from: 0, until: 10 }, new Date())).flush();
      const answer = sender.ask('live:mark', { recordingId, markerId: randomUUID(), kind: 'marker', atMs: 500, label: 'spoken of' });
      await eventually(async () => (await em.execute<unknown[]>('select 1 from pg_locks where not granted')).length > 0);
      return { answer };
    });
    expect(codeOf(await marked.answer)).toBeNull();
    expect(await stack.em.find(Marker, { recordingId, kind: 'marker' })).toMatchObject([{ atMs: 500, label: null }]);
  });

  it('is done once: asked again it answers the same and finishes what was left', async () => {
    const sender = await spokenSession();
    const markerId = randomUUID();
    const first = await sender.forget(1, 950, markerId);
    expect(first).toEqual({ ok: true, from: 350, until: 950 });
    expect(await sender.forget(1, 950, markerId)).toEqual(first);
    expect((await owner().get<MarkersView>(`/api/recordings/${sender.recordingId}/markers`)).body.markers).toHaveLength(1);
    const reader = stack.get(RedisConnections).open();
    const left = await framesFrom(stack.get(LiveAudioStream), reader, sender.recordingId, 900);
    expect(left.map(({ first: at }) => at)[0]).toBe(950);
    expect(left.reduce((end, { first: at, frames }) => (at === end ? at + frames : -1), 950)).toBe(1000);
    expect(await sender.send(1000, 1)).toMatchObject({ received: 1001, stored: 900 });
  });

  it('reaches no further than the beginning', async () => {
    const sender = await spokenSession();
    expect(await sender.forget(5, 700)).toEqual({ ok: true, from: 0, until: 700 });
    expect(await textsOf(sender)).toEqual(['kept after it']);
  });

  it('is done for each of many who ask at the same moment', async () => {
    const sender = await spokenSession();
    const answers = await Promise.all(Array.from({ length: 30 }, () => sender.forget(1, 950)));
    expect(answers).toEqual(Array.from({ length: 30 }, () => ({ ok: true, from: 350, until: 950 })));
  });

  it('takes one, two or five minutes and nothing else', async () => {
    const sender = await LiveSender.begin(stack.people.intruder);
    for (const minutes of [0, 3, -1, 1.5, '1']) {
      const asked = { recordingId: sender.recordingId, writer: 1, markerId: randomUUID(), minutes, until: 10 };
      expect(codeOf(await sender.ask('live:forget', asked))).toBe('request-invalid');
    }
  });
});
