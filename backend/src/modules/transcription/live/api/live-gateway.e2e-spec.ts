import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MarkersView, RecordingView } from '@auscult/contracts';
import { OwnRedis, eventually } from '../../../../../test/index.js';
import { framesFrom } from '../../../../../test/transcription/live-frames.js';
import { LiveSender, codeOf, patternedFrames } from '../../../../../test/transcription/live-sender.js';
import { TranscriptionStack } from '../../../../../test/transcription/transcription-stack.js';
import { Watcher } from '../../../../../test/transcription/watcher.js';
import { RedisConnections } from '../../../../platform/redis/index.js';
import { LiveAudioStream } from '../live-audio-stream.js';
import { LiveSession } from '../live-session.entity.js';
import { LiveTrack } from '../live-track.entity.js';

let redis: OwnRedis;
let stack: TranscriptionStack;

beforeAll(async () => {
  redis = await OwnRedis.start();
  stack = await TranscriptionStack.start({ redisUrl: redis.url });
});

afterAll(async () => {
  await stack.close();
  await redis.kill();
});

const owner = () => stack.people.owner;
const stream = () => stack.get(LiveAudioStream);

/** Two devices of one person that have not opened their session yet, and who they are to the server. */
async function twoDevices() {
  const device = await LiveSender.connect(owner());
  const { recordingId } = device;
  return { device, other: await LiveSender.connect(owner(), recordingId), recordingId, self: { sender: randomUUID() }, second: { sender: randomUUID() } };
}

/** What a live worker leaves of a session that is over. */
async function completed(recordingId: string): Promise<void> {
  await stack.em.execute(`update recording set status = 'completed', completed_at = now() where id = ?`, [recordingId]);
  await stack.em.execute('delete from live_session where recording_id = ?', [recordingId]);
  await stream().remove(recordingId);
}

/** Ends the session here and now, so that the next test may open as many as it likes. */
async function over(...senders: LiveSender[]): Promise<void> {
  for (const sender of senders) {
    await owner().delete(`/api/recordings/${sender.recordingId}`);
    sender.close();
  }
}

describe('opening', () => {
  it('makes a recording under the id that the sender chose, and tells the other pages', async () => {
    const page = await Watcher.connect(owner());
    const sender = await LiveSender.connect(owner(), randomUUID(), 2);
    expect(await sender.open({ source: 'telehealth', title: 'Follow-up' })).toEqual({ ok: true, protocol: 1, writer: 1, received: 0, stored: 0, finished: false });
    const { body } = await owner().recording(sender.recordingId);
    expect(body).toMatchObject({
      title: 'Follow-up', status: 'live', channelCount: 2, durationMs: null, transcribedMs: 0, progress: 0, live: { source: 'telehealth', finishing: false },
    });
    expect((await owner().transcript(sender.recordingId)).speakers.map(({ name, channel }) => [name, channel])).toEqual([['Clinician', 0], ['Patient', 1]]);
    await page.event('recording:changed', ({ recording }) => recording.id === sender.recordingId && recording.status === 'live');
    const { body: list } = await owner().get<{ items: RecordingView[] }>('/api/recordings?status=live');
    expect(list.items.map(({ id }) => id)).toContain(sender.recordingId);
    page.close();
    await over(sender);
  });

  it('without a title names the session by its date, and the speaker of a room by a number', async () => {
    const sender = await LiveSender.begin(owner());
    expect((await owner().recording(sender.recordingId)).body.title).toMatch(/^Session of \d{1,2} \w+ \d{4}/);
    expect((await owner().transcript(sender.recordingId)).speakers.map(({ name }) => name)).toEqual(['Speaker 1']);
    await over(sender);
  });

  it('is refused for another protocol, another number of channels, and the id of an upload', async () => {
    const sender = await LiveSender.begin(owner());
    expect(codeOf(await sender.open({ protocol: 2 }))).toBe('protocol-unsupported');
    expect(codeOf(await sender.open({ channelCount: 2 }))).toBe('request-invalid');
    expect(codeOf(await sender.open({ recordingId: 'mine' }))).toBe('request-invalid');
    expect(codeOf(await sender.open({ title: 'a\0b' }))).toBe('request-invalid');
    await over(sender);
  });

  it('takes an id in capitals for the same', async () => {
    const sender = await LiveSender.connect(owner());
    const shouted = { recordingId: sender.recordingId.toUpperCase() };
    expect(codeOf(await sender.open(shouted))).toBeNull();
    expect(await sender.send(0, 8, shouted)).toMatchObject({ received: 8 });
    expect(await stream().state(sender.recordingId)).toMatchObject({ received: 8 });
    await over(sender);
  });

  it('twice at the same moment makes one session with one writer', async () => {
    const [one, two] = [await LiveSender.connect(owner()), await LiveSender.connect(owner())];
    const both = await Promise.all([one.open({ recordingId: one.recordingId }), two.open({ recordingId: one.recordingId })]);
    const opened = both.filter((answer) => answer.ok);
    expect(opened.length).toBeGreaterThan(0);
    expect(await stack.em.count(LiveSession, { recordingId: one.recordingId })).toBe(1);
    expect(await stack.em.count(LiveTrack, { recordingId: one.recordingId })).toBe(1);
    two.close();
    await over(one);
  });

  it('of more sessions than anybody needs is refused, until one is finished', async () => {
    const senders = [];
    for (let count = 0; count < 5; count += 1) senders.push(await LiveSender.begin(owner()));
    const sixth = await LiveSender.connect(owner());
    expect(codeOf(await sixth.open())).toBe('too-many-requests');
    await senders[0]?.finish(0);
    expect(codeOf(await sixth.open())).toBeNull();
    await over(sixth, ...senders);
  });

  it('is refused too of more that have an end whose sound does not come', async () => {
    const senders = [];
    for (let count = 0; count < 20; count += 1) {
      const sender = await LiveSender.connect(owner());
      expect(codeOf(await sender.open())).toBeNull();
      expect(codeOf(await sender.finish(1))).toBeNull();
      senders.push(sender);
      sender.close();
    }
    const next = await LiveSender.connect(owner());
    expect(codeOf(await next.open())).toBe('too-many-requests');
    await completed(senders[0]?.recordingId ?? '');
    expect(codeOf(await next.open())).toBeNull();
    await over(next, ...senders);
  });
});

describe('sound', () => {
  it('is counted: known frames are skipped, after a gap nothing is taken', async () => {
    const sender = await LiveSender.begin(owner());
    expect(await sender.send(0, 8)).toEqual({ ok: true, received: 8, stored: 0 });
    expect(await sender.send(4, 8)).toEqual({ ok: true, received: 12, stored: 0 });
    expect(await sender.send(0, 8)).toEqual({ ok: true, received: 12, stored: 0 });
    expect(await sender.send(13, 1)).toEqual({ ok: true, received: 12, stored: 0 });
    const answers = await Promise.all([20, 28, 12, 12, 36, 4].map((first) => sender.send(first, 8)));
    expect(answers.every((answer) => answer.ok)).toBe(true);
    expect(await sender.sendAll(12, 52)).toEqual({ ok: true, received: 52, stored: 0 });
    await over(sender);
  });

  it('is gone on with after a reconnect; the older writer is replaced and sees it', async () => {
    const first = await LiveSender.begin(owner());
    await first.sendAll(0, 20);
    const second = await LiveSender.connect(owner(), first.recordingId);
    expect(await second.open()).toMatchObject({ ok: true, writer: 2, received: 20, stored: 0, finished: false });
    expect(await first.watcher.event('live:progress', ({ writer }) => writer === 2)).toMatchObject({ recordingId: first.recordingId, received: 20 });
    expect(codeOf(await first.send(20, 1))).toBe('live-replaced');
    expect(codeOf(await first.send(21, 1))).toBe('live-replaced');
    expect(codeOf(await first.finish(20))).toBe('live-replaced');
    expect(codeOf(await first.open({ after: 1 }))).toBe('live-replaced');
    expect(codeOf(await first.forget(1, 20))).toBe('live-replaced');
    expect(await second.send(20, 1)).toMatchObject({ received: 21 });
    expect(codeOf(await first.open())).toBeNull();
    expect(codeOf(await second.send(21, 1))).toBe('live-replaced');
    expect(await first.send(21, 1)).toMatchObject({ received: 22 });
    second.close();
    await over(first);
  });

  it('tells a sender that comes back how much it had sent when another took its place', async () => {
    const { device, other, self, second, recordingId } = await twoDevices();
    expect(await device.open(self)).not.toHaveProperty('own');
    await device.sendAll(0, 11);
    await device.open({ ...self, after: 1 });
    expect(await other.open(second)).toMatchObject({ received: 11 });
    expect(await other.send(11, 6)).toMatchObject({ received: 17 });
    expect(await device.open(self)).toMatchObject({ received: 17, own: 11 });
    expect(await device.open({ ...self, after: device.writer })).toMatchObject({ received: 17, own: 11 });
    await device.sendAll(17, 20);
    expect(await other.open(second)).toMatchObject({ received: 20, own: 17 });
    // After Redis has lost it the row tells.
    await stream().remove(recordingId);
    await other.open(second);
    await other.sendAll(0, 26);
    expect(await device.open(self)).toMatchObject({ received: 26, own: 20 });
    // It has put what it kept where that belongs, and sends it: that is over.
    await device.sendAll(26, 40);
    expect(await device.open(self)).not.toHaveProperty('own');
    await stream().remove(recordingId);
    expect(await device.open(self)).not.toHaveProperty('own');
    other.close();
    await over(device);
  });

  it('remembers it although the sender came back and went away without a word', async () => {
    const { device, other, self, second } = await twoDevices();
    await device.open(self);
    await device.sendAll(0, 11);
    await other.open(second);
    await other.send(11, 6);
    expect(await device.open(self)).toMatchObject({ received: 17, own: 11 });
    expect(await other.open(second)).not.toHaveProperty('own');
    await other.send(17, 3);
    expect(await device.open(self)).toMatchObject({ received: 20, own: 11 });
    other.close();
    await over(device);
  });

  it('knows what is durable of a sender whose place was taken after Redis had lost everything', async () => {
    const { device, other, self, second, recordingId } = await twoDevices();
    await device.open(self);
    await device.sendAll(0, 11);
    await stream().remove(recordingId);
    expect(await other.open(second)).toMatchObject({ received: 0 });
    await other.send(0, 6);
    expect(await device.open(self)).toMatchObject({ received: 6, own: 0 });
    other.close();
    await over(device);
  });

  it('forgets that when the sender came back before another had sent something', async () => {
    const { device, other, self, second, recordingId } = await twoDevices();
    await device.open(self);
    await device.sendAll(0, 11);
    await other.open(second);
    expect(await device.open(self)).not.toHaveProperty('own');
    await device.sendAll(11, 20);
    expect(await device.open(self)).not.toHaveProperty('own');
    await stream().remove(recordingId);
    expect(await device.open(self)).not.toHaveProperty('own');
    other.close();
    await over(device);
  });

  it('tells it after the end too: what the sender kept from there on is not in the recording', async () => {
    const { device, other, self, second, recordingId } = await twoDevices();
    await device.open(self);
    await device.sendAll(0, 11);
    await other.open(second);
    expect(await other.send(11, 6)).toMatchObject({ received: 17 });
    expect(await other.finish(17)).toEqual({ ok: true });
    await completed(recordingId);
    expect(await device.open(self)).toMatchObject({ received: 17, own: 11, finished: true });
    expect(await other.open(second)).not.toHaveProperty('own');
    other.close();
    await over(device);
  });

  it('lets a sender for whom nobody waits have it only while no other has it', async () => {
    const { device: quiet, other, self, second, recordingId } = await twoDevices();
    expect(await quiet.open({ ...self, yields: true })).toMatchObject({ writer: 1 });
    expect(await quiet.open({ ...self, yields: true })).toMatchObject({ writer: 2 });
    await other.open(second);
    expect(codeOf(await quiet.open({ ...self, yields: true }))).toBe('live-replaced');
    expect(await other.send(0, 6)).toMatchObject({ received: 6 });
    // What was finished from elsewhere nobody sends any more.
    expect((await owner().post(`/api/recordings/${recordingId}/finish`)).status).toBe(200);
    expect(await quiet.open({ ...self, yields: true })).toMatchObject({ received: 6, finished: true });
    other.close();
    await over(quiet);
  });

  it('is gone on with by who opened it last, whose answer was lost, and by no other', async () => {
    const sender = await LiveSender.connect(owner());
    const [self, other] = [randomUUID(), randomUUID()];
    expect(await sender.open({ sender: self })).toMatchObject({ writer: 1 });
    expect(await sender.open({ sender: self, after: 1 })).toMatchObject({ writer: 2 });
    expect(await sender.open({ sender: self, after: 1 })).toMatchObject({ writer: 3 });
    for (const claim of [{ sender: other, after: 2 }, { after: 2 }]) expect(codeOf(await sender.open(claim))).toBe('live-replaced');
    expect(await sender.open({ sender: other })).toMatchObject({ writer: 4 });
    expect(codeOf(await sender.open({ sender: self, after: 3 }))).toBe('live-replaced');
    await over(sender);
  });

  it('goes on from what is stored when Redis was emptied, without a new open', async () => {
    const sender = await LiveSender.begin(owner());
    await sender.sendAll(0, 40);
    const em = stack.em;
    (await em.findOneOrFail(LiveTrack, { recordingId: sender.recordingId })).storedSamples = 16 * 1600 + 7;
    await em.flush();
    await stack.stack.redis.empty();
    expect(await sender.send(40, 1)).toEqual({ ok: true, received: 16, stored: 16 });
    expect(await sender.sendAll(16, 41)).toEqual({ ok: true, received: 41, stored: 16 });
    await over(sender);
  });

  it('is refused at once while Redis is away, and taken again when an empty one is back', async () => {
    const sender = await LiveSender.begin(owner());
    await sender.sendAll(0, 8);
    await redis.kill();
    const asked = performance.now();
    const answers = await Promise.all([sender.send(8, 8), sender.send(16, 8), sender.open(), sender.finish(8), sender.forget(1, 8)]);
    expect(answers.map(codeOf)).toEqual(['unavailable', 'unavailable', 'unavailable', 'unavailable', 'unavailable']);
    expect(performance.now() - asked).toBeLessThan(4_000);
    await redis.start();
    const answer = await eventually(async () => {
      const again = await sender.send(8, 8);
      return again.ok && again;
    });
    expect(answer).toEqual({ ok: true, received: 0, stored: 0 });
    expect(await sender.sendAll(0, 24)).toMatchObject({ received: 24 });
    await over(sender);
  });

  it('is whole when Redis dies in the middle of it and comes back empty', async () => {
    const sender = await LiveSender.begin(owner());
    let [next, rounds] = [0, 0];
    while (next < 1000) {
      rounds += 1;
      const waiting = [next, next + 8, next + 16].map((first) => sender.send(first, 8));
      if (rounds === 20) await redis.kill();
      const answers = await Promise.all(waiting);
      if (rounds === 20) await redis.start();
      if (rounds === 20) await eventually(async () => (await stream().state(sender.recordingId)) === null);
      const taken = answers.filter((answer) => answer.ok).map(({ received }) => received);
      if (taken.length > 0) next = Math.max(...taken);
      for (const answer of answers) if (!answer.ok) expect(codeOf(answer)).toBe('unavailable');
    }
    expect(rounds).toBeGreaterThan(50);
    const reader = stack.get(RedisConnections).open();
    let end = 0;
    while (end < 1000) {
      for (const { first, frames, audio } of await framesFrom(stream(), reader, sender.recordingId, end)) {
        expect(first).toBe(end);
        expect(audio.equals(patternedFrames(first, frames))).toBe(true);
        end = first + frames;
      }
    }
    await over(sender);
  });
});

describe('finishing', () => {
  it('is said once; what is missing may still come, and nothing behind it', async () => {
    const page = await Watcher.connect(owner());
    const sender = await LiveSender.begin(owner());
    await sender.sendAll(0, 10);
    expect(codeOf(await sender.finish(20))).toBeNull();
    expect(codeOf(await sender.finish(20))).toBeNull();
    expect(codeOf(await sender.finish(21))).toBe('live-ended');
    const { recording } = await page.event('recording:changed', (event) => event.recording.id === sender.recordingId && event.recording.live?.finishing === true);
    expect(recording).toMatchObject({ status: 'live', durationMs: 2000, progress: 0 });
    expect(await sender.sendAll(10, 24)).toEqual({ ok: true, received: 20, stored: 0 });
    expect(await sender.open()).toMatchObject({ received: 20, finished: true });
    await stack.stack.redis.empty();
    expect(await sender.send(20, 1)).toMatchObject({ received: 0 });
    expect(await sender.sendAll(0, 24)).toMatchObject({ received: 20 });
    page.close();
    await over(sender);
  });

  it('with fewer frames than were received is refused', async () => {
    const sender = await LiveSender.begin(owner());
    await sender.sendAll(0, 10);
    expect(codeOf(await sender.finish(9))).toBe('request-invalid');
    expect(codeOf(await sender.finish(10))).toBeNull();
    await over(sender);
  });

  it('from another device ends at what was received and replaces the sender', async () => {
    const sender = await LiveSender.begin(owner());
    await sender.sendAll(0, 10);
    const { status, body } = await owner().post<RecordingView>(`/api/recordings/${sender.recordingId}/finish`);
    expect([status, body.status, body.live, body.durationMs]).toEqual([200, 'live', { source: 'room', finishing: true }, 1000]);
    expect(codeOf(await sender.send(10, 1))).toBe('live-replaced');
    expect(await sender.open()).toMatchObject({ received: 10, finished: true });
    expect(await sender.send(10, 1)).toMatchObject({ received: 10 });
    expect((await owner().post(`/api/recordings/${sender.recordingId}/finish`)).status).toBe(200);
    await over(sender);
  });

  it('from another device is told to who was sending when it comes back, as an end and not as another sender', async () => {
    const sender = await LiveSender.connect(owner());
    const self = randomUUID();
    await sender.open({ sender: self });
    await sender.sendAll(0, 10);
    expect((await owner().post(`/api/recordings/${sender.recordingId}/finish`)).status).toBe(200);
    expect(codeOf(await sender.send(10, 1))).toBe('live-replaced');
    expect(await sender.open({ sender: self, after: 1 })).toMatchObject({ received: 10, finished: true });
    expect(await sender.send(10, 1)).toMatchObject({ received: 10 });
    await over(sender);
  });

  it('from another device ends a session too whose sender has announced more and does not come back', async () => {
    const sender = await LiveSender.begin(owner());
    await sender.sendAll(0, 10);
    await sender.finish(20);
    const { body } = await owner().post<RecordingView>(`/api/recordings/${sender.recordingId}/finish`);
    expect([body.live, body.durationMs]).toEqual([{ source: 'room', finishing: true }, 1000]);
    expect(await sender.open()).toMatchObject({ received: 10, finished: true });
    expect(await sender.send(10, 8)).toMatchObject({ received: 10 });
    await over(sender);
  });

  it('does not let an earlier sender in while the last one still sends the rest', async () => {
    const [early, last] = [await LiveSender.connect(owner()), await LiveSender.connect(owner())];
    const { recordingId } = early;
    const [first, second] = [randomUUID(), randomUUID()];
    await early.open({ sender: first });
    await last.open({ recordingId, sender: second });
    expect(await last.ask('live:finish', { recordingId, writer: last.writer, frames: 20 })).toEqual({ ok: true });
    expect(codeOf(await early.open({ sender: first, after: 1 }))).toBe('live-replaced');
    last.close();
    await over(early);
  });

  it('is written into the row: what is over answers that everything is stored', async () => {
    const sender = await LiveSender.begin(owner());
    await sender.sendAll(0, 10);
    await sender.finish(10);
    await completed(sender.recordingId);
    expect(codeOf(await sender.finish(10))).toBeNull();
    expect(codeOf(await sender.send(10, 1))).toBe('live-ended');
    expect(codeOf(await sender.send(10, 1))).toBe('live-ended');
    expect(codeOf(await sender.forget(1, 10))).toBe('live-ended');
    expect(await sender.open()).toMatchObject({ received: 10, stored: 10, finished: true });
    expect(codeOf(await sender.send(10, 1))).toBe('live-ended');
    await over(sender);
  });
});

describe('a live recording', () => {
  it('cannot be cancelled or transcribed again, has no waveform yet, and can be exported and renamed', async () => {
    const sender = await LiveSender.begin(owner());
    const path = `/api/recordings/${sender.recordingId}`;
    for (const verb of ['cancel', 'retry']) expect((await owner().post(`${path}/${verb}`)).body).toMatchObject({ code: 'recording-state' });
    expect((await owner().get(`${path}/waveform`)).body).toMatchObject({ code: 'recording-state' });
    expect((await owner().get(`${path}/export?format=txt`)).status).toBe(200);
    expect((await owner().patch<RecordingView>(path, { title: 'Renamed' })).body).toMatchObject({ title: 'Renamed', status: 'live' });
    await over(sender);
  });

  it('is deleted at once with its sound in Redis, and its sender is told', async () => {
    const page = await Watcher.connect(owner());
    const sender = await LiveSender.begin(owner());
    await sender.sendAll(0, 10);
    expect((await owner().delete(`/api/recordings/${sender.recordingId}`)).status).toBe(204);
    await page.event('recording:deleted', ({ recordingId }) => recordingId === sender.recordingId);
    expect(await stream().state(sender.recordingId)).toBeNull();
    expect(await stack.stack.redis.client.keys(`*${sender.recordingId}*`)).toEqual([]);
    expect(codeOf(await sender.send(10, 1))).toBe('not-found');
    expect(codeOf(await sender.finish(10))).toBe('not-found');
    // Nor does it come back with a sender who was away meanwhile.
    expect(codeOf(await sender.open({ after: 1 }))).toBe('not-found');
    expect(codeOf(await sender.open({ known: true }))).toBe('not-found');
    expect(await stack.em.count(LiveSession, { recordingId: sender.recordingId })).toBe(0);
    page.close();
    sender.close();
  });
});

describe('a mark', () => {
  it('is refused for good where there are too many: the sender goes on without it, and what shall be off the record is', async () => {
    const sender = await LiveSender.begin(owner());
    const { recordingId } = sender;
    const fill = (kind: string) => stack.em.execute(
      `insert into marker (id, recording_id, kind, at_ms, duration_ms, created_at) select gen_random_uuid(), ?, ?, 0, 100, now() from generate_series(1, 2000)`, [recordingId, kind],
    );
    await fill('marker');
    expect(codeOf(await sender.ask('live:mark', { recordingId, markerId: randomUUID(), kind: 'marker', atMs: 0 }))).toBe('request-invalid');
    const markerId = randomUUID();
    expect(await sender.forget(1, 10, markerId)).toEqual({ ok: true, from: 0, until: 10 });
    await fill('off-record');
    expect(codeOf(await sender.forget(1, 10))).toBe('request-invalid');
    expect(await sender.forget(1, 10, markerId)).toEqual({ ok: true, from: 0, until: 10 });
    await over(sender);
  });

  it('is kept once, told to the watchers, and listed by time', async () => {
    const sender = await LiveSender.begin(owner());
    const { recordingId } = sender;
    const [markerId, pauseId] = [randomUUID(), randomUUID()];
    const later = { recordingId, markerId, kind: 'marker', atMs: 9000, label: 'allergy' };
    expect(codeOf(await sender.ask('live:mark', later))).toBeNull();
    expect(codeOf(await sender.ask('live:mark', later))).toBeNull();
    expect(codeOf(await sender.ask('live:mark', { recordingId, markerId: pauseId, kind: 'pause', atMs: 3000, durationMs: 60_000 }))).toBeNull();
    const { body } = await owner().get<MarkersView>(`/api/recordings/${recordingId}/markers`);
    expect(body.markers.map(({ id, kind, atMs, durationMs, label }) => ({ id, kind, atMs, durationMs, label }))).toEqual([
      { id: pauseId, kind: 'pause', atMs: 3000, durationMs: 60_000, label: null },
      { id: markerId, kind: 'marker', atMs: 9000, durationMs: null, label: 'allergy' },
    ]);
    expect((await sender.watcher.event('live:markers', ({ markers }) => markers.length === 2)).markers).toEqual(body.markers);
    expect(codeOf(await sender.ask('live:mark', { recordingId, markerId: randomUUID(), kind: 'off-record', atMs: 0 }))).toBe('request-invalid');
    await over(sender);
  });
});
