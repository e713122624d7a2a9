import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { MarkersView, RecordingView } from '@auscult/contracts';
import { LiveSender, codeOf } from '../../../../../test/transcription/live-sender.js';
import { TranscriptionStack } from '../../../../../test/transcription/transcription-stack.js';
import { ProblemError } from '../../../../platform/http/index.js';
import { Segment } from '../../segment.entity.js';
import { Speaker } from '../../speaker.entity.js';
import { LiveAudioStream } from '../live-audio-stream.js';
import { LiveSession } from '../live-session.entity.js';
import { LiveTrack } from '../live-track.entity.js';
import { LiveBeginnings } from './live-beginnings.service.js';
import { SenderChanges } from './sender-changes.service.js';

let stack: TranscriptionStack;
const open: LiveSender[] = [];

beforeAll(async () => {
  stack = await TranscriptionStack.start();
});

afterEach(async () => {
  jest.restoreAllMocks();
  for (const sender of open.splice(0)) {
    await owner().delete(`/api/recordings/${sender.recordingId}`);
    sender.close();
  }
});

afterAll(() => stack.close());

const owner = () => stack.people.owner;

/** A session of whose frames 300 came, held by a run, and the two devices of one person that know it. */
async function twoDevices() {
  const device = await LiveSender.connect(owner());
  const { recordingId } = device;
  const other = await LiveSender.connect(owner(), recordingId);
  open.push(device, other);
  const [self, second] = [{ sender: randomUUID() }, { sender: randomUUID() }];
  await device.open(self);
  await device.sendAll(0, 300);
  await stack.em.execute('update live_session set run_id = ? where recording_id = ?', [randomUUID(), recordingId]);
  return { device, other, recordingId, self, second };
}

async function offRecord(recordingId: string): Promise<[string, number, number][]> {
  const { body } = await owner().get<MarkersView>(`/api/recordings/${recordingId}/markers`);
  return body.markers.map(({ id, atMs, durationMs }) => [id, atMs / 100, (atMs + (durationMs ?? 0)) / 100]);
}

const isHeld = async (recordingId: string) => (await stack.em.fork().findOneOrFail(LiveSession, { recordingId })).runId !== null;
const held = (recordingId: string) => stack.em.execute('update live_session set run_id = ? where recording_id = ?', [randomUUID(), recordingId]);

describe('off the record ahead of what was received', () => {
  it('is no more where another sender goes on; what had been sent stays so', async () => {
    const { device, other, recordingId, second } = await twoDevices();
    await device.forget(1, 800);
    await device.forget(1, 1000);
    await held(recordingId);
    expect(await other.open(second)).toMatchObject({ received: 300 });
    expect(await offRecord(recordingId)).toEqual([[expect.any(String), 200, 300]]);
    expect((await other.watcher.ask('transcript:watch', { recordingId })).ok).toBe(true);
    expect(await isHeld(recordingId)).toBe(false);
  });

  it('stays for the sender who said it', async () => {
    const { device, recordingId, self } = await twoDevices();
    const markerId = randomUUID();
    await device.forget(1, 800, markerId);
    await held(recordingId);
    expect(await device.open(self)).toMatchObject({ received: 300 });
    expect(await offRecord(recordingId)).toEqual([[markerId, 200, 800]]);
    expect(await isHeld(recordingId)).toBe(true);
  });

  it('is done anew where the sender has moved it behind the other’s sound', async () => {
    const { device, other, recordingId, self, second } = await twoDevices();
    const markerId = randomUUID();
    await device.forget(1, 800, markerId);
    await other.open(second);
    await other.sendAll(300, 400);
    expect(await device.open(self)).toMatchObject({ received: 400, own: 300 });
    expect(await device.forget(1, 900, markerId)).toEqual({ ok: true, from: 300, until: 900 });
    expect(await device.forget(1, 900, markerId)).toEqual({ ok: true, from: 300, until: 900 });
    expect(await offRecord(recordingId)).toEqual([[expect.any(String), 200, 300], [markerId, 300, 900]]);
  });

  it('counts as the sender’s own where it is durable already', async () => {
    const { device, other, recordingId, self, second } = await twoDevices();
    await device.forget(1, 800);
    const em = stack.em.fork();
    (await em.findOneOrFail(LiveTrack, { recordingId })).storedSamples = 500 * 1600;
    await em.flush();
    expect(await other.open(second)).toMatchObject({ received: 500, stored: 500 });
    expect((await offRecord(recordingId)).map(([, from, until]) => [from, until])).toEqual([[200, 500]]);
    expect(await other.sendAll(500, 510)).toMatchObject({ received: 510 });
    expect(await device.open(self)).toMatchObject({ received: 510, own: 500 });
  });

  it('counts as the sender’s own too where it becomes durable at the very moment of the change', async () => {
    const { device, other, recordingId, self, second } = await twoDevices();
    await device.forget(1, 800);
    const [stream, em] = [stack.get(LiveAudioStream), stack.em.fork()];
    const begin = stream.begin.bind(stream);
    jest.spyOn(stream, 'begin').mockImplementationOnce(async (...asked) => {
      await begin(...asked);
      (await em.findOneOrFail(LiveTrack, { recordingId })).storedSamples = 500 * 1600;
      await em.flush();
      await stream.stored(recordingId, 500);
    });
    expect(await other.open(second)).toMatchObject({ received: 500, stored: 500 });
    expect(await other.sendAll(500, 510)).toMatchObject({ received: 510 });
    expect(await device.open(self)).toMatchObject({ received: 510, own: 500 });
  });

  it('counts so where the first opening of the other one failed in between', async () => {
    const { device, other, recordingId, self, second } = await twoDevices();
    await device.forget(1, 800);
    jest.spyOn(stack.get(SenderChanges), 'settle').mockRejectedValueOnce(new ProblemError('unavailable'));
    expect(codeOf(await other.open(second))).toBe('unavailable');
    const em = stack.em.fork();
    (await em.findOneOrFail(LiveTrack, { recordingId })).storedSamples = 500 * 1600;
    await em.flush();
    await stack.get(LiveAudioStream).stored(recordingId, 500);
    expect(await other.open(second)).toMatchObject({ received: 500, stored: 500 });
    expect(await other.sendAll(500, 510)).toMatchObject({ received: 510 });
    expect(await device.open(self)).toMatchObject({ received: 510, own: 500 });
  });

  it('is no more behind the end of a session that is ended from another device', async () => {
    const { device, recordingId } = await twoDevices();
    await device.forget(1, 1000);
    expect((await owner().post(`/api/recordings/${recordingId}/finish`)).status).toBe(200);
    expect(await offRecord(recordingId)).toEqual([]);
  });
});

describe('another sender', () => {
  it('does not interrupt the run when Redis has lost nothing', async () => {
    const { other, recordingId, second } = await twoDevices();
    expect(await other.open(second)).toMatchObject({ received: 300 });
    expect(await isHeld(recordingId)).toBe(true);
  });

  it('interrupts it when Redis was emptied, also where its first opening failed in between', async () => {
    const { other, recordingId, second } = await twoDevices();
    await stack.get(LiveAudioStream).remove(recordingId);
    jest.spyOn(stack.get(SenderChanges), 'settle').mockRejectedValueOnce(new ProblemError('unavailable'));
    expect(codeOf(await other.open(second))).toBe('unavailable');
    expect(await isHeld(recordingId)).toBe(true);
    expect(await other.open(second)).toMatchObject({ received: 0 });
    expect(await isHeld(recordingId)).toBe(false);
    await held(recordingId);
    expect(await other.open(second)).toMatchObject({ received: 0 });
    expect(await isHeld(recordingId)).toBe(true);
  });

  it('keeps the session that it opened while it was being ended from elsewhere', async () => {
    const { other, recordingId, second } = await twoDevices();
    const senders = stack.get(SenderChanges);
    const settle = senders.settle.bind(senders);
    jest.spyOn(senders, 'settle').mockImplementationOnce(async (...asked) => {
      const settled = await settle(...asked);
      await other.open(second);
      return settled;
    });
    expect((await owner().post(`/api/recordings/${recordingId}/finish`)).body).toMatchObject({ code: 'live-replaced' });
    expect(await other.sendAll(300, 310)).toMatchObject({ received: 310 });
    expect((await owner().recording(recordingId)).body.live).toMatchObject({ finishing: false });
  });

  it('is no reason to say that a session was not ended, when its sender comes back at that moment', async () => {
    const { device, recordingId, self } = await twoDevices();
    const beginnings = stack.get(LiveBeginnings);
    const begin = beginnings.begin.bind(beginnings);
    jest.spyOn(beginnings, 'begin').mockImplementationOnce(begin).mockImplementationOnce(async (...asked) => {
      await device.open(self);
      return begin(...asked);
    });
    const { status, body } = await owner().post<RecordingView>(`/api/recordings/${recordingId}/finish`);
    expect([status, body.id]).toEqual([200, recordingId]);
  });

  it('finds no corrected line of sound that Redis has lost where its own will stand', async () => {
    const { other, recordingId, second } = await twoDevices();
    const em = stack.em.fork();
    (await em.findOneOrFail(LiveTrack, { recordingId })).storedSamples = 150 * 1600;
    const { id: speakerId } = await em.findOneOrFail(Speaker, { recordingId });
    for (const [index, startMs] of [14_000, 20_000].entries()) {
      const line = Segment.recognized(recordingId, speakerId, { index, channel: 0, startMs, endMs: startMs + 2_000, text: 'Said', words: [], wordTiming: 'engine' }, new Date());
      line.revision = 1;
      em.persist(line);
    }
    await em.flush();
    await stack.get(LiveAudioStream).remove(recordingId);
    expect(await other.open(second)).toMatchObject({ received: 150 });
    expect((await stack.em.fork().find(Segment, { recordingId })).map(({ startMs, utteranceIndex }) => [startMs, utteranceIndex])).toEqual([[14_000, -1]]);
  });

  it('leaves a third one nothing that Redis has lost: who had sent it gives it again', async () => {
    const { device, other, recordingId, self, second } = await twoDevices();
    await other.open(second);
    await other.sendAll(300, 310);
    expect(await device.open(self)).toMatchObject({ received: 310, own: 300 });
    await other.open(second);
    await other.sendAll(310, 320);
    await stack.get(LiveAudioStream).remove(recordingId);
    const third = await LiveSender.connect(owner(), recordingId);
    open.push(third);
    expect(await third.open({ sender: randomUUID() })).toMatchObject({ received: 0 });
    await third.sendAll(0, 400);
    expect(await device.open(self)).toMatchObject({ received: 400, own: 0 });
  });
});
