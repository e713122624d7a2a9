import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { TestStack } from '../../../../../test/index.js';
import { patternedFrames } from '../../../../../test/transcription/live-sender.js';
import { RedisConnections } from '../../../../platform/redis/index.js';
import { LiveAudioStream, type LiveFrames } from '../live-audio-stream.js';
import { LiveAudioReads } from './live-audio-reads.service.js';

let stack: TestStack;
let stream: LiveAudioStream;
let redis: RedisConnections;
let reads: LiveAudioReads;

beforeAll(async () => {
  stack = await TestStack.start();
  stream = stack.api.get<LiveAudioStream>(LiveAudioStream, { strict: false });
  redis = stack.api.get(RedisConnections);
  reads = new LiveAudioReads(stream, redis);
});
afterAll(() => stack.close());

const { signal } = new AbortController();
const places = (found: readonly LiveFrames[]) => found.map(({ first, frames }) => [first, frames]);

async function begun(): Promise<string> {
  const recordingId = randomUUID();
  await stream.begin(recordingId, { writer: 1, received: 0, stored: 0, channelCount: 1 });
  return recordingId;
}

const send = (id: string, first: number, frames: number) => stream.append(id, 1, first, patternedFrames(first, frames), 1);

describe('reading the sound of many sessions', () => {
  it('gives each session its own, while others say nothing', async () => {
    const ids = await Promise.all(Array.from({ length: 12 }, begun));
    const silent = await begun();
    const waits = reads.read({ recordingId: silent, position: 0 }, false, signal);
    for (let round = 0; round < 5; round += 1) {
      const first = round * 3;
      const reading = ids.map((recordingId) => reads.read({ recordingId, position: first }, false, signal));
      await Promise.all(ids.map((id, at) => send(id, first, 1 + (at % 3))));
      for (const [at, found] of (await Promise.all(reading)).entries()) {
        expect(places(found)).toEqual([[first, 1 + (at % 3)]]);
        expect(found[0]?.audio.equals(patternedFrames(first, 1 + (at % 3)))).toBe(true);
      }
      await Promise.all(ids.map((id, at) => send(id, first + 1 + (at % 3), 2 - (at % 3))));
    }
    expect(await waits).toEqual([]);
  });

  it('gives what reaches over the place, with what lies behind it and, where more was received than read, without', async () => {
    const recordingId = await begun();
    await send(recordingId, 0, 8);
    expect(await reads.read({ recordingId, position: 5 }, false, signal)).toEqual([]);
    expect(places(await reads.read({ recordingId, position: 5 }, true, signal))).toEqual([[0, 8]]);
    await send(recordingId, 8, 2);
    expect(places(await reads.read({ recordingId, position: 5 }, false, signal))).toEqual([[0, 8], [8, 2]]);
  });

  it('ends for a session that is given up, and goes on for the others', async () => {
    const [given, kept] = [await begun(), await begun()];
    const stop = new AbortController();
    const [ended, goesOn] = [reads.read({ recordingId: given, position: 0 }, false, stop.signal), reads.read({ recordingId: kept, position: 0 }, false, signal)];
    stop.abort(new Error('given up'));
    await expect(ended).rejects.toThrow('given up');
    await expect(reads.read({ recordingId: given, position: 0 }, false, stop.signal)).rejects.toThrow('given up');
    await send(kept, 0, 1);
    expect(places(await goesOn)).toEqual([[0, 1]]);
  });

  it('goes on where Redis could not answer at first', async () => {
    const recordingId = await begun();
    await send(recordingId, 0, 2);
    const read = jest.spyOn(stream, 'read').mockRejectedValueOnce(new Error('LOADING Redis is loading the dataset in memory'));
    expect(places(await reads.read({ recordingId, position: 0 }, false, signal))).toEqual([[0, 2]]);
    expect(read).toHaveBeenCalledTimes(2);
    read.mockRejectedValueOnce(new Error('WRONGTYPE'));
    await expect(reads.read({ recordingId, position: 0 }, false, signal)).rejects.toThrow('WRONGTYPE');
    read.mockRestore();
  });

  it('fails for the session whose sound is damaged, and for no other', async () => {
    const [damaged, whole] = [await begun(), await begun()];
    const read = (recordingId: string) => reads.read({ recordingId, position: 0 }, false, signal);
    const failed = expect(read(damaged)).rejects.toMatchObject({ name: 'FramesDamagedError' });
    const found = read(whole);
    await redis.shared.xadd(redis.key('live', damaged, 'audio'), '1-0', 'n', 1, 'a', Buffer.alloc(40));
    await send(whole, 0, 2);
    await failed;
    expect(places(await found)).toEqual([[0, 2]]);
  });
});
