import { LIVE_MESSAGE_FRAMES, LIVE_WINDOW_FRAMES, type LiveForgotten, type LiveOpened, type LiveProgress, type LiveReceived } from '@auscult/contracts';
import { ProblemError, UnexpectedAnswerError } from '../errors.js';
import { type CommandQueue, reachOf } from './command-queue.js';
import type { LiveCommand } from './live-commands.js';
import type { LiveConnection } from './live-connection.js';
import { isPassing, refusal } from './live-refusals.js';
import { pauseAfter, type LiveTiming } from './live-timing.js';
import type { SpooledFrames } from './spooled-frames.js';
import { WakeUp } from './wake-up.js';

/** Messages under way at once: enough to fill a link of half a second's delay. */
const PARALLEL = 4;
/** Messages in a row of which the server took nothing. */
const HOPELESS = 6;
/** Stored frames leave the spool in steps, since each step is a write to the disk. */
const FORGET_STEP = 20;

export interface ConversationParts {
  connection: LiveConnection;
  recordingId: string;
  frames: SpooledFrames;
  commands: CommandQueue;
  timing: LiveTiming;
  /** Marks have moved or a command was answered. */
  onChange: () => void;
  /** The server would like several frames in a message: said again and again. */
  onGather: () => void;
  /** The server does not take this command at all; it is dropped. */
  onRefused: (command: LiveCommand, problem: ProblemError) => void;
}

/**
 * From one live:open to the loss of the connection: sends frames from where the server is, a few messages at a time, and commands in
 * between. Ends when everything is durable after a finish, or by throwing; then a new live:open goes on. A new writer fences
 * what this one may still have under way, so its fate need not be known.
 */
export class Conversation {
  received: number;
  stored: number;
  readonly #parts: ConversationParts;
  readonly #writer: number;
  readonly #wakeUp = new WakeUp();
  /** Frames of the whole session once the server knows them; null before that. */
  #total: number | null = null;
  /** The next frame to send. */
  #next: number;
  #underWay = 0;
  /** Something was not taken: when nothing is under way any more, go on from `received`. */
  #astray = false;
  #fruitless = 0;
  /** The server said something that suggests that it has fewer frames than we believe. */
  #doubt = false;
  #forgotten = 0;
  /** So many frames the server would like in a message. */
  #gather = 1;
  #failure: { reason: unknown } | null = null;
  /** The end is known. If it was not our own, sound is taken no more, and what speaks of sound that has not come is not for this session. */
  readonly #isEnded: boolean;
  /** Requests to forget that were refused for that: of the sound that has not come, whoever sends that makes them again. */
  readonly #refused = new Set<LiveCommand>();

  constructor(opened: LiveOpened, parts: ConversationParts) {
    this.#parts = parts;
    this.#writer = opened.writer;
    this.received = opened.received;
    this.stored = opened.stored;
    this.#next = opened.received;
    this.#isEnded = opened.finished;
    if (opened.finished) this.#total = parts.frames.next;
  }

  get finishAccepted(): boolean {
    return this.#total !== null;
  }

  /** After a finish: the server has every frame. */
  get isComplete(): boolean {
    return this.#total !== null && this.received >= this.#total;
  }

  /** There is something new to do: frames, a command, or an end. */
  wake(): void {
    this.#wakeUp.wake();
  }

  stop(reason: unknown): void {
    this.#failure ??= { reason };
    this.wake();
  }

  heard(progress: LiveProgress): void {
    if (progress.writer > this.#writer) return this.stop(refusal('live-replaced'));
    if (progress.received < this.received) this.#doubt = true;
    this.#gather = progress.gather ?? this.#gather;
    if (this.#gather > 1) this.#parts.onGather();
    if (progress.stored > this.stored) {
      this.#storedUntil(progress.stored);
      this.#parts.onChange();
    }
    this.wake();
  }

  /** @throws what `stop` was given, ProblemError, UnreachableError */
  async run(): Promise<void> {
    for (;;) {
      this.#mayGoOn();
      const command = await this.#deliver();
      if (command === 'delivered') continue;
      if (this.isComplete && this.stored >= (this.#total ?? 0)) return this.#parts.frames.forgetBefore(this.stored);
      if (command === 'none' && (await this.#send())) continue;
      if (!(await this.#wakeUp.sleep(this.#patience()))) await this.#probe();
    }
  }

  #mayGoOn(): void {
    if (this.#failure) throw this.#failure.reason;
  }

  /** `waits`: it may not overtake the sound that is under way, and no more sound may overtake it. */
  async #deliver(): Promise<'none' | 'delivered' | 'waits'> {
    const { commands, frames, onChange } = this.#parts;
    const command = commands.first((one) => !this.#isHeldBack(one));
    if (!command) return 'none';
    if (command.kind === 'forget' && this.#underWay > 0) return 'waits';
    try {
      const silenced = await this.#say(command);
      commands.delivered(command, silenced ? frames.silence(silenced.from, silenced.until) : undefined);
    } catch (error) {
      this.#judge(command, error);
    }
    if (command.kind === 'finish') this.#total = command.frames;
    onChange();
    return 'delivered';
  }

  /** @throws what means that the conversation is over; else the command was refused for good, or for this session */
  #judge(command: LiveCommand, error: unknown): void {
    const { commands, onRefused } = this.#parts;
    if (!(error instanceof ProblemError) || isPassing(error) || error.code === 'live-replaced') throw error;
    const isEnd = error.code === 'live-ended';
    if (command.kind === 'finish' && !isEnd) throw error;
    if (command.kind === 'forget' && isEnd && reachOf(command) > this.received) {
      this.#refused.add(command);
      return;
    }
    if (command.kind !== 'finish') onRefused(command, error);
    commands.delivered(command);
  }

  #isHeldBack(command: LiveCommand): boolean {
    if (this.#refused.has(command)) return true;
    return command.kind === 'mark' && this.#isEnded && !this.isComplete && reachOf(command) > this.received;
  }

  /** Answers what has gone off the record. */
  async #say(command: LiveCommand): Promise<LiveForgotten | null> {
    const { connection, recordingId } = this.#parts;
    if (command.kind === 'mark') {
      await connection.request('live:mark', { recordingId, ...command.mark });
    } else if (command.kind === 'finish') {
      await connection.request('live:finish', { recordingId, writer: this.#writer, frames: command.frames });
    } else {
      return connection.request('live:forget', { recordingId, writer: this.#writer, ...command.forget });
    }
    return null;
  }

  /** Sends one message if there is something to send and room for it. */
  async #send(): Promise<boolean> {
    if (this.#astray) {
      if (this.#underWay > 0) return false;
      this.#astray = false;
      this.#next = this.received;
      if (this.#fruitless > 1) return false;
    }
    const count = Math.min(LIVE_MESSAGE_FRAMES, this.#limit() - this.#next);
    if (count <= 0 || this.#underWay >= PARALLEL) return false;
    if (this.#total === null && !this.#parts.frames.areWorthAMessage(this.#gather, this.#next, this.#next + count)) return false;
    await this.#message(this.#next, count);
    return true;
  }

  async #message(first: number, count: number): Promise<void> {
    const { connection, recordingId, frames, timing } = this.#parts;
    const audio = await frames.read(first, count);
    this.#mayGoOn();
    this.#next = first + count;
    this.#underWay += 1;
    connection.request('live:audio', { recordingId, writer: this.#writer, first, audio }, timing.audioTimeoutMs).then(
      (answer) => this.#answered(answer, first + count),
      (reason: unknown) => {
        this.#underWay -= 1;
        this.stop(reason);
      },
    );
  }

  #answered(answer: LiveReceived, until: number): void {
    this.#underWay -= 1;
    if (!Number.isInteger(answer.received) || !Number.isInteger(answer.stored)) return this.stop(new UnexpectedAnswerError('LiveReceived'));
    if (answer.received >= until) {
      this.#fruitless = 0;
      this.received = this.#astray ? answer.received : Math.max(this.received, answer.received);
      this.#next = Math.max(this.#next, this.received);
    } else {
      if (!this.#astray) this.#fruitless += 1;
      this.#astray = true;
      this.received = answer.received;
      // Perhaps the session was ended from elsewhere: live:open says so, and then these frames will not be taken any more.
      if (this.#fruitless > HOPELESS) this.stop(refusal(this.#total === null ? 'unavailable' : 'live-ended'));
    }
    this.#doubt = false;
    if (answer.stored > this.stored) this.#storedUntil(answer.stored);
    this.#parts.onChange();
    this.wake();
  }

  #storedUntil(stored: number): void {
    this.stored = stored;
    if (stored - this.#forgotten < FORGET_STEP) return;
    this.#forgotten = stored;
    this.#parts.frames.forgetBefore(stored);
  }

  /** How long to wait for news before asking; for ever when nothing is owed. */
  #patience(): number | undefined {
    const { timing, frames } = this.#parts;
    if (this.#underWay > 0) return undefined;
    if (this.#fruitless > 1) return pauseAfter(this.#fruitless - 1, timing);
    const owed = this.#total !== null || this.#doubt || this.#next < frames.readable;
    return owed ? timing.probeMs : undefined;
  }

  /** Sends a message to hear where the server stands: what was gathered, after refusals one frame of it, or a frame that it should know. */
  async #probe(): Promise<void> {
    const gathered = Math.min(this.#fruitless > 1 ? 1 : LIVE_MESSAGE_FRAMES, this.#limit() - this.#next);
    if (gathered > 0) await this.#message(this.#next, gathered);
    else if (this.#next > 0) await this.#message(this.#next - 1, 1);
    else this.#doubt = false;
  }

  /** Frames before this one may be sent now. */
  #limit(): number {
    const { readable } = this.#parts.frames;
    return Math.min(readable, this.#total ?? readable, this.stored + LIVE_WINDOW_FRAMES);
  }
}
