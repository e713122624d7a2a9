import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { RedisConnections } from '../../../../platform/redis/index.js';
import { LiveAudioStream, type LiveFrames, type LivePlace, type SealedEntry, firstOf } from '../live-audio-stream.js';

/** A session of which nothing comes is answered so after this time; an announced end is noticed within it. */
const NOTHING_AFTER_MS = 400;
/** Who begins to wait while Redis is being asked for the others waits for so long at most. */
const BLOCK_MS = 100;
/** Between two looks, a millisecond for each other session and so many at most: what comes in of several sessions is fetched at once. */
const MOST_PAUSE_MS = 20;

/** Until Redis is asked again that said that it cannot answer now. */
const PASSING_PAUSE_MS = 200;

interface Waiting extends LivePlace {
  readonly until: number;
  readonly resolve: (entries: readonly SealedEntry[]) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Reads the sound of all sessions of this process over one connection: with a blocking read of its own, each message of each session costs a command and a wake-up
 * here and in Redis.
 */
@Injectable()
export class LiveAudioReads {
  private connection: Redis | null = null;
  private readonly waiting = new Map<string, Waiting>();
  private looking = false;

  constructor(
    private readonly stream: LiveAudioStream,
    private readonly redis: RedisConnections,
  ) {}

  /**
   * What came in from the session's place on, in order; none after a short wait. The first may begin up to 7 frames earlier, when a message reaches over that place. There may be gaps.
   * @param isOwed more was received than was read: then what reaches over the place is looked for although nothing lies behind it
   * @throws FramesDamagedError, or the signal's reason
   */
  async read(place: LivePlace, isOwed: boolean, signal: AbortSignal): Promise<LiveFrames[]> {
    const { recordingId, position } = place;
    const found = await this.entries(place, signal);
    const [first] = found;
    const isWhole = first ? firstOf(first) === position : !isOwed;
    const before = isWhole ? [] : await this.stream.reachingOver(this.opened, place);
    signal.throwIfAborted();
    return [...before, ...found].map((entry) => this.stream.open(recordingId, entry));
  }

  private entries(place: LivePlace, signal: AbortSignal): Promise<readonly SealedEntry[]> {
    signal.throwIfAborted();
    return new Promise<readonly SealedEntry[]>((resolve, reject) => {
      const leave = () => {
        this.end(waiting);
        reject(signal.reason as Error);
      };
      const settling = <T>(settle: (value: T) => void) => (value: T) => {
        signal.removeEventListener('abort', leave);
        settle(value);
      };
      const waiting: Waiting = { ...place, until: performance.now() + NOTHING_AFTER_MS, resolve: settling(resolve), reject: settling(reject) };
      signal.addEventListener('abort', leave, { once: true });
      this.waiting.set(place.recordingId, waiting);
      if (!this.looking) void this.look();
    });
  }

  private async look(): Promise<void> {
    this.looking = true;
    while (this.waiting.size > 0) {
      if (this.waiting.size > 1) await delay(Math.min(MOST_PAUSE_MS, this.waiting.size - 1));
      const asked = [...this.waiting.values()];
      await this.fetch(asked).catch((error: unknown) => (isPassing(error) ? delay(PASSING_PAUSE_MS) : asked.forEach((each) => this.end(each)?.reject(error))));
    }
    this.looking = false;
  }

  private async fetch(asked: readonly Waiting[]): Promise<void> {
    if (asked.length === 0) return;
    const found = await this.stream.read(this.opened, asked, BLOCK_MS);
    for (const each of asked) {
      const entries = found.get(each.recordingId) ?? [];
      if (entries.length > 0 || performance.now() >= each.until) this.end(each)?.resolve(entries);
    }
    // Whoever was answered goes on, and waits again, before the others are asked for.
    await delay(0);
  }

  /** Null when it does not wait any more. */
  private end(waiting: Waiting): Waiting | null {
    if (this.waiting.get(waiting.recordingId) !== waiting) return null;
    this.waiting.delete(waiting.recordingId);
    return waiting;
  }

  /** Of its own: reading blocks it. */
  private get opened(): Redis {
    this.connection ??= this.redis.open();
    return this.connection;
  }
}

/** Redis starts, is busy with a script, or has no master at this moment: it is away like one that cannot be reached. */
function isPassing(error: unknown): boolean {
  return error instanceof Error && /^(LOADING|BUSY|TRYAGAIN|MASTERDOWN|CLUSTERDOWN)\b/.test(error.message);
}
