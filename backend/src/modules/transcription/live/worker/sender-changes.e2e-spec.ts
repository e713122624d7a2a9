import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type LiveOpened, LIVE_FRAME_SAMPLES } from '@auscult/contracts';
import { eventually } from '../../../../../test/index.js';
import { FaultTrial, MIDDLE, liveMetric } from '../../../../../test/live/fault-trial.js';
import { type FrameSender, framesOf } from '../../../../../test/live/frame-sender.js';
import type { LiveStack } from '../../../../../test/live/live-stack.js';
import { LiveSound, toneSound } from '../../../../../test/live/live-sound.js';
import { LiveSender } from '../../../../../test/transcription/live-sender.js';
import { LiveAudioStream } from '../live-audio-stream.js';

const TONES = 10;
const sound = toneSound(TONES);
/** What is said where the other device is. */
const elsewhere = toneSound(TONES, 1, (tone) => 1500 + 60 * tone);

let trial: FaultTrial;
let stack: LiveStack;

beforeAll(async () => {
  trial = await FaultTrial.start(sound);
  ({ stack } = trial);
});
afterEach(() => stack.clear());
afterAll(() => trial.close());

/** A device in the middle of a word, all of which the worker has read: more than is durable. */
async function underWay(sender: string): Promise<FrameSender> {
  const worker = await stack.startWorker();
  const device = await trial.underWay({ sender });
  await eventually(async () => (await liveMetric(worker, 'received_audio_seconds_total')) >= MIDDLE / 10);
  return device;
}

/** Where the device that has just opened the session goes on. */
async function receivedOf(recordingId: string): Promise<number> {
  return (await stack.stack.get(LiveAudioStream).state(recordingId))?.received ?? Number.NaN;
}

/** What is there of the session for a device that comes back when it is over. */
async function comesBack(sender: string, recordingId: string): Promise<LiveOpened> {
  const device = await LiveSender.connect(stack.owner, recordingId);
  const opened = await device.open({ sender });
  device.close();
  if (!opened.ok) throw new Error(opened.problem.code);
  return opened;
}

/** The first device's sound before the frame, the other's from there on. */
function goneOnWithAt(frame: number): LiveSound {
  const at = frame * LIVE_FRAME_SAMPLES;
  return new LiveSound(sound.channels.map((own, channel) => Int16Array.from([...own.subarray(0, at), ...(elsewhere.channels[channel] ?? new Int16Array(0)).subarray(at)])));
}

/** Every sample and every word is what an undisturbed session makes of this sound. */
async function expectAsUndisturbed({ recordingId }: FrameSender, whole: LiveSound): Promise<void> {
  expect(await stack.differences(recordingId, whole)).toEqual([]);
  const undisturbed = await stack.open(whole);
  await stack.complete(undisturbed);
  expect(await stack.said(recordingId)).toEqual(await stack.said(undisturbed.recordingId));
}

describe('another device that goes on with a session', () => {
  it('is heard where the first one had put off the record what it never sent', async () => {
    const [first, second] = [randomUUID(), randomUUID()];
    const device = await underWay(first);
    const from = MIDDLE + framesOf(3);
    expect(await device.forget(1, from + framesOf(60))).toMatchObject({ from });
    const other = await stack.open(sound, { recordingId: device.recordingId, sender: second });
    await trial.expectWhole(other);
  });

  it('is heard where a stretch off the record had begun before it came', async () => {
    const [first, second] = [randomUUID(), randomUUID()];
    const device = await underWay(first);
    const from = MIDDLE - framesOf(2);
    await device.forget(1, from + framesOf(60));
    const { recordingId } = device;
    const other = await stack.open(sound, { recordingId, sender: second });
    // The silence may have become durable in the meantime: then the other's sound begins behind it.
    const received = await receivedOf(recordingId);
    expect(received).toBeGreaterThanOrEqual(MIDDLE);
    const whole = sound.silenced(from, received);
    other.forgetSound(whole);
    await stack.complete(other);
    await expectAsUndisturbed(other, whole);
  });

  it.each([['at once', 0], ['after the first one had begun to give it again', 3]])('is heard from its first frame on when Redis had lost what was not durable: it came %s', async (_when, again) => {
    const [first, second] = [randomUUID(), randomUUID()];
    const device = await underWay(first);
    const { recordingId } = device;
    await stack.stack.stack.redis.empty();
    if (again > 0) await device.sendFrom(MIDDLE, 1);
    if (again > 0) await device.sendFrom(device.stored, again);
    const other = await stack.open(sound, { recordingId, sender: second });
    const from = await receivedOf(recordingId);
    expect(from).toBeLessThan(MIDDLE);
    const whole = goneOnWithAt(from);
    other.forgetSound(whole);
    await stack.complete(other);
    await expectAsUndisturbed(other, whole);
    expect(await comesBack(first, recordingId)).toMatchObject({ finished: true, own: from });
  });
});

describe('a session that is ended from another device after Redis had lost what was not durable', () => {
  it('ends where its sender is told that it has ended', async () => {
    const first = randomUUID();
    const { recordingId } = await underWay(first);
    await stack.stack.stack.redis.empty();
    expect((await stack.owner.post(`/api/recordings/${recordingId}/finish`)).status).toBe(200);
    const { durationMs } = await stack.completed(recordingId);
    expect(durationMs).toBeLessThan(MIDDLE * 100);
    const { received, own = received } = await comesBack(first, recordingId);
    expect([received * 100, own * 100]).toEqual([durationMs, durationMs]);
    expect(await stack.differences(recordingId, sound.silenced(received, sound.frames))).toEqual([]);
    expect((await stack.said(recordingId)).filter(({ endMs }) => endMs > received * 100)).toEqual([]);
  });
});
