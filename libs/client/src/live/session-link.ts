import { LIVE_PROTOCOL, type LiveOpened } from '@auscult/contracts';
import { ProblemError, UnexpectedAnswerError, UnreachableError } from '../errors.js';
import { type CommandQueue, forgetFrom } from './command-queue.js';
import { Conversation } from './conversation.js';
import { isPassing } from './live-refusals.js';
import type { LiveSessionOptions } from './live-sender.js';
import type { LiveSendProblem } from './live-send-state.js';
import { lateMoves } from './frame-moves.js';
import { pauseAfter, type LiveTiming } from './live-timing.js';
import type { SpooledFrames } from './spooled-frames.js';
import { WakeUp } from './wake-up.js';

export interface SessionLinkParts {
  options: LiveSessionOptions;
  timing: LiveTiming;
  frames: SpooledFrames;
  commands: CommandQueue;
  /** Something that the state shows has changed. */
  onChange: () => void;
  /** The server would like several frames in a message: said again and again. */
  onGather: () => void;
  /** The session is over on the server: no more sound is taken. */
  onEnded: () => void;
}

class NotOpenedError extends Error {
  override readonly name = 'NotOpenedError';
}

/** Opens the session again after every interruption, and knows how it ended. */
export class SessionLink {
  received = 0;
  stored = 0;
  outcome: 'finished' | 'replaced' | 'refused' | null = null;
  problem: LiveSendProblem | null = null;
  /** As `LiveSendState` says. */
  unforgotten = 0;
  wasOpen = false;
  /** Settles as `LiveSender.finish` says. */
  readonly accepted: Promise<void>;
  readonly #parts: SessionLinkParts;
  readonly #wakeUp = new WakeUp();
  readonly #endings: (() => void)[] = [];
  #accept: () => void = () => undefined;
  #reject: (reason: unknown) => void = () => undefined;
  #conversation: Conversation | null = null;
  #closed = false;
  #failures = 0;
  /** An opening of ours whose answer was lost has made us a later writer than we know; by this the server knows that it is us. */
  readonly #sender: string;
  #writer: number | undefined;
  /** Where the server stood when it said that the session has ended and we still had frames; null when it did not. */
  #endedAt: number | null = null;
  /** The frame behind those that the spool held from before. */
  #held: number;

  constructor(parts: SessionLinkParts) {
    this.#parts = parts;
    this.#held = parts.frames.next;
    this.#sender = parts.options.sender ?? crypto.randomUUID();
    this.accepted = new Promise((resolve, reject) => {
      this.#accept = resolve;
      this.#reject = reject;
    });
    // Who never calls finish must not be killed by its rejection.
    this.accepted.catch(() => undefined);
  }

  /** Nothing more will be sent. */
  get isOver(): boolean {
    return this.#closed || this.outcome !== null;
  }

  /** The server has been spoken to and is believed to listen. */
  get isOpen(): boolean {
    return this.#conversation !== null && this.#parts.options.realtime.state === 'connected';
  }

  /** The server cannot be reached at all, or lets nobody in. */
  get isInterrupted(): boolean {
    const { state } = this.#parts.options.realtime;
    return state === 'interrupted' || state === 'signed-out';
  }

  start(): void {
    const { realtime, recordingId } = this.#parts.options;
    this.#endings.push(
      realtime.onStateChange(() => this.#connectionChanged()),
      realtime.on('live:progress', (progress) => {
        if (progress.recordingId === recordingId) this.#conversation?.heard(progress);
      }),
    );
    realtime.connect();
    void this.#live();
  }

  wake(): void {
    this.#conversation?.wake();
    // There may be something now that a program must not end without.
    if (this.#parts.options.realtime.state === 'signed-out') this.#wakeUp.wake();
  }

  close(): void {
    this.#closed = true;
    this.#leave();
    this.#reject(new Error('The live session was closed before it was finished'));
    this.#conversation?.stop(new Error('closed'));
    this.#wakeUp.wake();
  }

  #leave(): void {
    for (const end of this.#endings.splice(0)) end();
  }

  #connectionChanged(): void {
    const { state } = this.#parts.options.realtime;
    if (state === 'signed-out') this.problem = { code: 'sign-in-required', message: 'Sign in to continue' };
    // What the server said last is not what keeps us now.
    else if (state !== 'connected') this.problem = null;
    // With nothing under way nobody would notice; and a new connection needs a new opening.
    if (state !== 'connected') this.#conversation?.stop(new UnreachableError());
    this.#wakeUp.wake();
    this.#parts.onChange();
  }

  async #live(): Promise<void> {
    const { realtime } = this.#parts.options;
    await this.#loadCommands();
    while (!this.outcome && !this.#closed) {
      if (realtime.state !== 'connected') {
        await this.#wakeUp.sleep(this.#idleMs());
        continue;
      }
      try {
        await this.#converse();
        this.#endWith('finished');
      } catch (error) {
        await this.#failed(error);
      }
    }
  }

  /** Without a connection something else wakes us. But signed out nothing holds a program any more, and it must not end as if everything had been sent. */
  #idleMs(): number | undefined {
    const { options, frames, commands, timing } = this.#parts;
    const isOwed = frames.next > this.stored || commands.first(() => true) !== undefined;
    return options.realtime.state === 'signed-out' && isOwed ? timing.retryMaxMs : undefined;
  }

  async #loadCommands(): Promise<void> {
    const { commands, frames, timing, onChange } = this.#parts;
    let left = await commands.left();
    while (!left && !this.#closed) {
      onChange();
      await new Promise((resolve) => setTimeout(resolve, timing.retryMs));
      left = await commands.left();
    }
    if (!left) return;
    const late = lateMoves(left.moves, { first: frames.first, next: this.#held });
    // Whoever goes on makes up for them.
    if (this.#closed && late.length > 0) return;
    for (const { from, to } of late) {
      frames.move(from, to);
      this.#held += to - from;
    }
    commands.goOn(left, late);
    onChange();
    // The page may have died before the frames that it keeps were silent.
    for (const forget of commands.forgets) void frames.silence(forgetFrom(forget), forget.until);
    if (late.length > 0) await frames.settled();
  }

  async #converse(): Promise<void> {
    const { frames, commands, timing, onChange, onGather } = this.#parts;
    const { realtime, recordingId } = this.#parts.options;
    const opened = await this.#open();
    this.#requireOpen();
    if (!this.wasOpen || opened.finished) await this.#join(opened);
    this.#requireOpen();
    if (opened.finished) this.#parts.onEnded();
    const conversation = new Conversation(opened, {
      connection: realtime, recordingId, frames, commands, timing, onGather,
      onChange: () => {
        this.#heed(conversation);
        onChange();
      },
      onRefused: (command, problem) => {
        if (command.kind === 'forget') this.unforgotten += 1;
        this.#say(problem);
      },
    });
    this.#conversation = conversation;
    this.problem = null;
    this.#heed(conversation);
    onChange();
    await conversation.run();
  }

  /** Closed meanwhile: nothing is sent any more, and nothing has ended either. */
  #requireOpen(): void {
    if (this.#closed) throw new Error('The live session was closed');
  }

  async #open(): Promise<LiveOpened> {
    const { realtime, recordingId, channelCount, source, title, known, yields } = this.#parts.options;
    const named = { ...(title === undefined ? {} : { title }), ...(yields ? { yields } : {}) };
    const before = this.#writer === undefined ? (known ? { known } : {}) : { after: this.#writer };
    try {
      const opened = await realtime.request('live:open', { protocol: LIVE_PROTOCOL, recordingId, channelCount, source, sender: this.#sender, ...named, ...before });
      if (!Number.isInteger(opened.received) || !Number.isInteger(opened.stored)) throw new UnexpectedAnswerError('LiveOpened');
      this.#writer = opened.writer;
      return opened;
    } catch (error) {
      throw new NotOpenedError('live:open failed', { cause: error });
    }
  }

  /** The first time, and after the end: another device may have begun the session, or gone on with it while this one kept frames. */
  async #join(opened: LiveOpened): Promise<void> {
    const { frames, commands, options } = this.#parts;
    const from = this.#unsent(opened);
    if (opened.received > from) {
      frames.move(from, opened.received, commands.move(from, opened.received));
      await frames.settled();
    }
    if (this.wasOpen || this.#closed) return;
    this.wasOpen = true;
    const watch = options.realtime.watchTranscript(options.recordingId);
    this.#endings.push(() => watch.stop());
  }

  /** From which frame on the spool holds what was never sent. What was moved behind the other's frames before begins later than what had been sent by then. */
  #unsent({ own, received }: LiveOpened): number {
    const { first, next } = this.#parts.frames;
    if (own !== undefined && own <= (this.wasOpen ? next : this.#held)) return Math.max(own, first);
    return this.wasOpen ? received : this.#held;
  }

  #heed(conversation: Conversation): void {
    if (conversation !== this.#conversation) return;
    if (conversation.received > this.received) this.#failures = 0;
    this.received = conversation.received;
    this.stored = Math.max(this.stored, conversation.stored);
    if (conversation.isComplete) this.#accept();
  }

  async #failed(error: unknown): Promise<void> {
    this.#conversation = null;
    if (this.#closed) return;
    this.#failures += 1;
    const notOpened = error instanceof NotOpenedError;
    this.#judge(notOpened ? error.cause : error, notOpened);
    this.#parts.onChange();
    if (this.#parts.options.realtime.state === 'connected') await this.#wakeUp.sleep(pauseAfter(this.#failures, this.#parts.timing));
  }

  /** Decides what an error means: the end, or nothing but another opening. */
  #judge(error: unknown, notOpened: boolean): void {
    const { realtime } = this.#parts.options;
    if (error instanceof ProblemError) {
      if (isPassing(error)) this.#say(error);
      else if (error.code === 'live-ended') this.#serverEnded(error, notOpened);
      else if (error.code !== 'live-replaced') this.#endWith('refused', error);
      // Else it may have been ourselves, by an opening that arrived late: the next one tells.
      else if (notOpened) this.#endWith('replaced', error);
    } else if (notOpened && realtime.state === 'connected') {
      // It is connected and does not answer: the network may have gone without a word.
      realtime.restart();
    }
  }

  #serverEnded(error: ProblemError, notOpened: boolean): void {
    const hasAll = this.received >= this.#parts.frames.next;
    if (hasAll && notOpened) return this.#endWith('finished');
    if (hasAll) return;
    if (notOpened || this.#endedAt === this.received) return this.#endWith('refused', error);
    this.#endedAt = this.received;
  }

  #endWith(outcome: NonNullable<SessionLink['outcome']>, error?: ProblemError): void {
    this.outcome = outcome;
    this.problem = error && outcome !== 'finished' ? { code: error.code, message: error.message } : null;
    // With a deleted recording it is gone; whoever may go on later says it then.
    if (outcome === 'finished' || error?.code === 'live-ended') {
      this.unforgotten += this.#parts.commands.forgets.filter((forget) => !this.wasOpen || forgetFrom(forget) < this.received).length;
    }
    // First: whoever hears of the end may close the session, and the reason must not be that.
    if (outcome === 'finished') this.#accept();
    else this.#reject(error);
    this.#parts.onEnded();
    this.#leave();
    this.#parts.onChange();
  }

  #say(error: ProblemError): void {
    this.problem = { code: error.code, message: error.message };
    this.#parts.onChange();
  }
}
