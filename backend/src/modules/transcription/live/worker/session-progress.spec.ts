import { beforeEach, describe, expect, it } from '@jest/globals';
import type { LiveAudioStream, LiveStreamState } from '../live-audio-stream.js';
import { SessionProgress } from './session-progress.js';

/** Redis as one session sees it: away while the state is an error. */
class FakeStream {
  present: LiveStreamState | Error | null = { writer: 1, received: 50, stored: 10, incarnation: 'a', channelCount: 1, isRemade: false, isHandover: false, sentBy: new Map() };
  readonly told: number[] = [];

  state(): Promise<LiveStreamState | null> {
    return this.present instanceof Error ? Promise.reject(this.present) : Promise.resolve(this.present);
  }

  stored(_id: string, frames: number): Promise<void> {
    if (this.present instanceof Error) return Promise.reject(this.present);
    this.told.push(frames);
    return Promise.resolve();
  }
}

let redis: FakeStream;
let progress: SessionProgress;
let sessionsPerSlot: number;
beforeEach(() => {
  redis = new FakeStream();
  sessionsPerSlot = 0.5;
  progress = new SessionProgress(redis as unknown as LiveAudioStream, 'r', 1, 10, () => sessionsPerSlot);
});

const now = (incarnation: string, received: number, stored = 10): LiveStreamState => ({ writer: 1, received, stored, incarnation, channelCount: 1, isRemade: false, isHandover: false, sentBy: new Map() });

describe('SessionProgress', () => {
  it('knows what was received and not read', async () => {
    await progress.look();
    expect(progress.unread(30)).toBe(20);
    expect(progress.view(30)).toEqual({ recordingId: 'r', writer: 1, received: 50, stored: 10, lagMs: 2000, gather: 1 });
    expect(progress.view(50).lagMs).toBe(0);
  });

  it('asks for more sound in each message the more sessions there are', () => {
    const asked = [0.5, 3, 4, 10, 11, 40].map((sessions) => {
      sessionsPerSlot = sessions;
      return progress.view(30).gather;
    });
    expect(asked).toEqual([1, 1, 3, 3, 8, 8]);
  });

  it('counts words that came late, and none that came in time', () => {
    progress.finalTook(0.6);
    expect(progress.lagSeconds(10)).toBe(0);
    progress.finalTook(4.5);
    expect(progress.lagSeconds(10)).toBe(3.5);
  });

  it('notices that Redis began anew', async () => {
    expect(await progress.look()).toEqual({ beganAnew: false });
    expect(await progress.look()).toEqual({ beganAnew: false });
    redis.present = now('b', 10);
    expect(await progress.look()).toEqual({ beganAnew: true });
  });

  it('owes nothing more of what was received and is gone, until it comes again', async () => {
    await progress.look();
    progress.lost();
    expect([progress.unread(10), progress.view(10).lagMs]).toEqual([0, 0]);
    redis.present = null;
    await progress.look();
    expect(progress.unread(10)).toBe(0);
    redis.present = now('b', 30);
    await progress.look();
    expect(progress.unread(10)).toBe(20);
  });

  it('is sure that nothing is left to read only while Redis answers', async () => {
    expect(progress.hasAll(10)).toBe(false);
    redis.present = new Error('away');
    await progress.look();
    expect([progress.unread(10), progress.hasAll(10)]).toEqual([0, false]);
    redis.present = null;
    await progress.look();
    expect(progress.hasAll(10)).toBe(true);
    redis.present = now('a', 50);
    await progress.look();
    expect([progress.hasAll(49), progress.hasAll(50)]).toEqual([false, true]);
    await progress.seen(undefined);
    expect(progress.hasAll(50)).toBe(false);
  });

  it('tells what is durable again when Redis was away', async () => {
    redis.present = new Error('away');
    await progress.durable(40);
    expect(await progress.look()).toEqual({ beganAnew: false });
    redis.present = now('a', 50);
    await progress.look();
    expect(redis.told).toEqual([40]);
    expect(progress.view(50).stored).toBe(40);
  });
});
