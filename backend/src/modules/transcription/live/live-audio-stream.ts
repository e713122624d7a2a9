import { randomUUID } from 'node:crypto';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { LIVE_FRAME_SAMPLES, LIVE_MESSAGE_FRAMES, LIVE_WINDOW_FRAMES } from '@auscult/contracts';
import type { Redis } from 'ioredis';
import { APP_CONFIG, type AppConfig, derivedKey } from '../../../platform/config/index.js';
import { ProblemError } from '../../../platform/http/index.js';
import { RedisConnections } from '../../../platform/redis/index.js';
import { SENT_BY, entryId, firstFrameOf, liveKeys, sessionsChannel } from './live-keys.js';
import { type LiveCommands, withLiveCommands } from './live-scripts.js';
import { SealedFrames } from './sealed-frames.js';

/** Whoever waits for Redis longer than this is told that it is away. */
const REDIS_TIMEOUT_MS = 1_500;
/** Of each session at once. */
const READ_ENTRIES = 32;
/** Rounds until a message whose ends had to be cut, or a forgetting that frames came in between of, gives up. */
const ROUNDS = 5;

export interface LiveStreamState {
  writer: number;
  /** The frame to come next. */
  received: number;
  stored: number;
  /** Another one than before means that Redis was emptied and the stream began anew. */
  incarnation: string;
  channelCount: number;
  /** Redis was emptied since the session began: what had been received may be known to whoever read it alone. */
  isRemade: boolean;
  /** Another sender has it than before, and the rows are not in line with that yet. */
  isHandover: boolean;
  /** Frames that senders which were replaced had sent by then, by their ids. */
  sentBy: ReadonlyMap<string, number>;
}

/** Where a session is read from. */
export interface LivePlace {
  readonly recordingId: string;
  /** The frame to come next. */
  readonly position: number;
}

/** A message as it lies in Redis. */
export type SealedEntry = [id: Buffer, fields: Buffer[]];

export interface LiveFrames {
  first: number;
  frames: number;
  /** Int16LE, channels interleaved. */
  audio: Buffer;
}

export interface LiveBeginning {
  writer: number;
  /** Who that is, where it says so; counts when the state is made or the writer rises. */
  sender?: string | null;
  /** Whose place it has taken: counts when the state is made, which knows nobody. */
  before?: string | null;
  /** What the row knows of senders that were replaced, for a new state. */
  sentBy?: Readonly<Record<string, number>> | null;
  received: number;
  stored: number;
  channelCount: number;
  /** The session itself begins: Redis cannot have lost anything of it. */
  isNew?: boolean;
  /** Frames that the sender announced at the end, if it did; what lies behind is not taken. */
  end?: number | null;
}

export interface AppendAnswer {
  /** `taken`: received says how far. `replaced`: another writer has the session. `unknown`: there is no state, call `begin`. */
  outcome: 'taken' | 'replaced' | 'unknown';
  received: number;
  stored: number;
}

/**
 * The audio of live sessions between reception and transcription: sealed, in Redis, at most `LIVE_WINDOW_FRAMES` of each.
 * Redis may be emptied at any moment; the sender still has what was not stored. Methods reject with ProblemError `unavailable` within
 * two seconds while Redis is away; those that are given a connection wait as that one does.
 */
@Injectable()
export class LiveAudioStream {
  private readonly logger = new Logger('LiveAudioStream');
  private readonly commands: Redis & LiveCommands;
  private readonly frames: SealedFrames;
  private subscription: Redis | undefined;
  private readonly listeners = new Set<(recordingId: string) => void>();

  constructor(
    private readonly redis: RedisConnections,
    @Inject(APP_CONFIG) config: AppConfig,
  ) {
    this.frames = new SealedFrames(derivedKey(config.masterKey, 'live-audio'));
    // Nothing may queue up here while Redis is away: the senders keep their frames, and they are many.
    const impatient = { enableOfflineQueue: false, autoResendUnfulfilledCommands: false, maxRetriesPerRequest: 0, commandTimeout: REDIS_TIMEOUT_MS };
    this.commands = withLiveCommands((options) => redis.open(options), impatient);
  }

  /** Takes whole frames that follow on what was received; known ones are skipped, after a gap or above the window nothing is taken. */
  async append(recordingId: string, writer: number, first: number, audio: Uint8Array, channelCount: number): Promise<AppendAnswer> {
    const { state, audio: stream } = liveKeys(this.redis, recordingId);
    const frameBytes = LIVE_FRAME_SAMPLES * 2 * channelCount;
    let from = first;
    let until = first + Math.floor(audio.byteLength / frameBytes);
    for (let round = 0; round < ROUNDS; round += 1) {
      const part = audio.subarray((from - first) * frameBytes, (until - first) * frameBytes);
      const sealed = this.frames.seal(recordingId, from, part);
      const answer = await reached(this.commands.liveAppend(state, stream, writer, from, until - from, sealed, LIVE_WINDOW_FRAMES));
      const [outcome, received, stored] = answer;
      if (outcome !== 'again') return { outcome: outcomeOf(outcome), received, stored };
      [from, until] = [answer[3], answer[4]];
    }
    throw new ProblemError('unavailable');
  }

  /** Makes the state, or raises the writer and what is stored of the one that lives; never lowers what was received. */
  async begin(recordingId: string, { writer, sender, before, isNew, sentBy, received, stored, channelCount, end }: LiveBeginning): Promise<void> {
    const { state, audio } = liveKeys(this.redis, recordingId);
    const senders = [sender ?? '', before ?? '', isNew ? '1' : '', ...Object.entries(sentBy ?? {}).flat()];
    await reached(this.commands.liveBegin(state, audio, writer, received, stored, channelCount, end ?? '', randomUUID(), ...senders));
  }

  /** Null when Redis does not know the session. */
  async state(recordingId: string): Promise<LiveStreamState | null> {
    return (await this.states([recordingId]))[0] ?? null;
  }

  /** Of each of these sessions, in this order. */
  async states(recordingIds: readonly string[]): Promise<(LiveStreamState | null)[]> {
    const pipeline = this.commands.pipeline();
    for (const recordingId of recordingIds) pipeline.hgetall(liveKeys(this.redis, recordingId).state);
    const answers = (await reached(pipeline.exec())) ?? [];
    return answers.map(([error, fields]) => {
      if (error) throw new ProblemError('unavailable');
      return stateOf(fields as Record<string, string>);
    });
  }

  /**
   * What has come in of each session at its place or behind it, in order, waiting up to `blockMs` until there is some of any; sessions of which nothing came are left out. Messages may leave gaps;
   * one that reaches over the place is not among them: see `reachingOver`.
   * @param connection of the caller's own: it is blocked while this waits
   */
  async read(connection: Redis, places: readonly LivePlace[], blockMs: number): Promise<Map<string, SealedEntry[]>> {
    const sessions = new Map(places.map(({ recordingId }) => [liveKeys(this.redis, recordingId).audio, recordingId]));
    const from = places.map(({ position }) => `${position}-0`);
    const reply = (await connection.xreadBuffer('COUNT', READ_ENTRIES, 'BLOCK', blockMs, 'STREAMS', ...sessions.keys(), ...from)) ?? [];
    return new Map(reply.map(([key, entries]) => [sessions.get(key.toString()) ?? '', entries]));
  }

  /** Messages that begin before the session's place and reach over it. */
  async reachingOver(connection: Redis, { recordingId, position }: LivePlace): Promise<SealedEntry[]> {
    if (position === 0) return [];
    const { audio } = liveKeys(this.redis, recordingId);
    const entries = await connection.xrangeBuffer(audio, entryId(earliestReachingOver(position)), entryId(position - 1));
    return entries.filter((entry) => firstOf(entry) + framesOf(entry) > position);
  }

  /** @throws FramesDamagedError */
  open(recordingId: string, entry: SealedEntry): LiveFrames {
    const first = firstOf(entry);
    const [, [, , , sealed]] = entry;
    return { first, frames: framesOf(entry), audio: this.frames.open(recordingId, first, sealed ?? Buffer.alloc(0)) };
  }

  /** Everything before `frames` is durable: the sender may go on, and what nobody needs any more is removed. */
  async stored(recordingId: string, frames: number): Promise<void> {
    const { state, audio } = liveKeys(this.redis, recordingId);
    await reached(this.commands.liveStored(state, audio, frames, entryId(earliestReachingOver(frames))));
  }

  /**
   * The rows are in line with who sends now.
   * @param stored frames that were durable when nobody could write for the earlier sender any more
   */
  async handedOver(recordingId: string, { writer, stored }: { writer: number; stored: number }): Promise<void> {
    const { state, audio } = liveKeys(this.redis, recordingId);
    await reached(this.commands.liveHandedOver(state, audio, writer, stored));
  }

  /**
   * Removes frames `from` to `until` - 1, exactly: messages that reach over an end of the range keep what lies outside.
   * @param by whose frames they are: what another sender has sent since it came stays
   */
  async forget(recordingId: string, from: number, until: number, by: string | null = null): Promise<{ from: number }> {
    const { state, audio } = liveKeys(this.redis, recordingId);
    for (let round = 0; round < ROUNDS; round += 1) {
      const [sender, since] = await reached(this.commands.hmget(state, 'sender', 'since'));
      const end = (sender ?? '') === (by ?? '') ? until : Math.min(until, Number(since ?? until));
      const rests = await this.restsAround(recordingId, from, end);
      if ((await reached(this.commands.liveForget(state, audio, from, end, sender ?? '', ...rests))) === 1) return { from };
    }
    throw new ProblemError('unavailable');
  }

  async remove(recordingId: string): Promise<void> {
    const { state, audio } = liveKeys(this.redis, recordingId);
    await reached(this.commands.del(state, audio));
  }

  /** Tells workers to look at the session's row now. Loss is harmless. */
  announce(recordingId: string): void {
    this.commands.publish(sessionsChannel(this.redis), recordingId).catch(() => this.logger.debug('A session was not announced: Redis is away'));
  }

  /** Calls the listener with the id of each announced session, until the answer is called. */
  onAnnounced(listener: (recordingId: string) => void): () => void {
    this.subscription ??= this.subscribe();
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  private subscribe(): Redis {
    const subscription = this.redis.open();
    subscription.on('message', (_channel: string, recordingId: string) => {
      for (const listener of this.listeners) listener(recordingId);
    });
    subscription.subscribe(sessionsChannel(this.redis)).catch(() => this.logger.debug('Redis is away; sessions are found by looking'));
    return subscription;
  }

  /** What stays of the entries that reach over `from` or `until`, as arguments of the script: entry, new id, frames, sealed. */
  private async restsAround(recordingId: string, from: number, until: number): Promise<(string | number | Buffer)[]> {
    const { audio: stream } = liveKeys(this.redis, recordingId);
    const ids = (frame: number) => [entryId(earliestReachingOver(frame)), entryId(Math.max(0, frame - 1))] as const;
    const around = [...(await reached(this.commands.xrangeBuffer(stream, ...ids(from)))), ...(await reached(this.commands.xrangeBuffer(stream, ...ids(until))))];
    const entries = new Map(around.map((entry) => [entry[0].toString(), entry]));
    return [...entries.values()].flatMap((entry) => {
      const { first, frames, audio } = this.open(recordingId, entry);
      const frameBytes = audio.length / frames;
      const kept = [[first, Math.min(first + frames, from)], [Math.max(first, until), first + frames]] as const;
      return kept.filter(([begin, end]) => end > begin && end - begin < frames).flatMap(([begin, end]) => {
        const part = audio.subarray((begin - first) * frameBytes, (end - first) * frameBytes);
        return [entry[0].toString(), entryId(begin), end - begin, this.frames.seal(recordingId, begin, part)];
      });
    });
  }
}

export const firstOf = ([id]: SealedEntry): number => firstFrameOf(id.toString());
const framesOf = ([, [, frames]]: SealedEntry): number => Number(frames);

function stateOf(fields: Record<string, string>): LiveStreamState | null {
  const { writer, received, stored, channels, incarnation, remade, handover } = fields;
  if (writer === undefined || incarnation === undefined) return null;
  const sentBy = Object.entries(fields).flatMap(([field, frames]) => (field.startsWith(SENT_BY) ? [[field.slice(SENT_BY.length), Number(frames)] as const] : []));
  const known = { isRemade: remade !== undefined, isHandover: handover !== undefined, sentBy: new Map(sentBy) };
  return { writer: Number(writer), received: Number(received), stored: Number(stored), incarnation, channelCount: Number(channels), ...known };
}

/** First frame of the earliest message that can reach over this place. */
function earliestReachingOver(frame: number): number {
  return Math.max(0, frame - LIVE_MESSAGE_FRAMES + 1);
}

function outcomeOf(said: string): AppendAnswer['outcome'] {
  return said === 'replaced' || said === 'unknown' ? said : 'taken';
}

/** Whatever keeps Redis from answering (away, full, loading, too slow) is the same to the caller: not now. */
async function reached<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch {
    throw new ProblemError('unavailable');
  }
}
