import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type Ack, type ClientEventName, LIVE_FRAME_SAMPLES, LIVE_MESSAGE_FRAMES, LIVE_PROTOCOL, type LiveForgotten, type LiveOpened, type LiveReceived } from '@auscult/contracts';
import { type Socket, io } from 'socket.io-client';
import { eventually } from '../eventually.js';
import type { Caller } from '../transcription/caller.js';
import type { LiveSound } from './live-sound.js';

const ANSWER_MS = 3000;
const RETRY_MS = 100;
/** Redis is away, or this socket has not opened the session. */
const PASSING = new Set(['unavailable', 'not-found']);

export interface FrameSenderOptions {
  recordingId?: string;
  /** Of another api than the caller's. */
  url?: string;
  /** Who it is to the server; without that it may be anybody. */
  sender?: string;
}

/** The server has said no, and will again. */
export class RefusedError extends Error {
  constructor(readonly code: string) {
    super(`Refused: ${code}`);
  }
}

/**
 * The smallest sender that keeps the protocol: it has the whole sound, sends what `received` asks for, and opens the session again after
 * whatever goes wrong.
 */
export class FrameSender {
  private writer = 0;
  private received = 0;
  stored = 0;
  /** What it was ever told to be stored: a real sender has that no more. */
  private forgotten = 0;

  private constructor(
    readonly socket: Socket,
    readonly recordingId: string,
    private sound: LiveSound,
    private readonly id: string | undefined,
  ) {}

  static async open({ token, url }: Caller, sound: LiveSound, options: FrameSenderOptions = {}): Promise<FrameSender> {
    const socket = io(options.url ?? url, { auth: { token }, transports: ['websocket'], forceNew: true, reconnectionDelay: 50, reconnectionDelayMax: 200 });
    const sender = new FrameSender(socket, options.recordingId ?? randomUUID(), sound, options.sender);
    await sender.reopen();
    return sender;
  }

  /** Sends frames until this one is received; pass nothing to send all. `paceMs` is the time between two messages of up to 800 ms of sound. */
  async send(until = this.sound.frames, paceMs = 0): Promise<void> {
    while (this.received < until) {
      // Right after Redis was emptied, frames may be asked for that were stored a moment before: opening again puts that right.
      if (this.received < this.forgotten) await this.reopen();
      const before = this.received;
      if (before < this.forgotten) throw new Error(`Frame ${before} is asked for, and ${this.forgotten} were said to be stored`);
      await this.sendFrom(this.received, Math.min(LIVE_MESSAGE_FRAMES, until - this.received));
      if (paceMs > 0) await pause(paceMs);
      else if (this.received === before) await pause(RETRY_MS); // the window is full, or Redis is away
    }
  }

  /** Sends these frames whether they are asked for or not. */
  async sendFrom(first: number, frames: number): Promise<void> {
    const { recordingId, writer } = this;
    const audio = this.sound.bytes(first, first + frames);
    await this.patiently(async () => this.take((await this.ask('live:audio', { recordingId, writer, first, audio })) as LiveReceived));
  }

  async finish(frames = this.sound.frames): Promise<void> {
    await this.patiently(() => this.ask('live:finish', { recordingId: this.recordingId, writer: this.writer, frames }));
  }

  /** Keeps this instead: what is put off the record is silenced here first. */
  forgetSound(silenced: LiveSound): void {
    this.sound = silenced;
  }

  async forget(minutes: 1 | 2 | 5, until: number): Promise<LiveForgotten> {
    const { recordingId, writer } = this;
    return (await this.ask('live:forget', { recordingId, writer, markerId: randomUUID(), minutes, until })) as LiveForgotten;
  }

  /** Sends what is missing again and again until all of it is durable, or the session is over. */
  async untilStored(timeoutMs: number): Promise<void> {
    await eventually(() => this.refresh(), timeoutMs);
  }

  private async refresh(): Promise<boolean> {
    try {
      await this.sendFrom(this.sound.frames - 1, 1);
      await this.send();
      return this.stored === this.sound.frames;
    } catch (error) {
      if (error instanceof RefusedError && error.code === 'live-ended') return true;
      throw error;
    }
  }

  close(): void {
    this.socket.disconnect();
  }

  private async reopen(): Promise<void> {
    for (;;) {
      try {
        return this.take(await this.askToOpen());
      } catch (error) {
        if (error instanceof RefusedError && !PASSING.has(error.code)) throw error;
        await pause(RETRY_MS);
      }
    }
  }

  private async askToOpen(): Promise<LiveOpened> {
    const { recordingId, sound } = this;
    const opened = (await this.ask('live:open', { protocol: LIVE_PROTOCOL, recordingId, channelCount: sound.channelCount, source: 'file', sender: this.id })) as LiveOpened;
    this.writer = opened.writer;
    return opened;
  }

  private take({ received, stored }: { received: number; stored: number }): void {
    this.received = received;
    this.stored = stored;
    this.forgotten = Math.max(this.forgotten, stored);
  }

  /** One that gets no answer may have been taken: opening the session again tells. */
  private async patiently(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof RefusedError && !PASSING.has(error.code)) throw error;
      await pause(RETRY_MS);
      await this.reopen();
    }
  }

  private async ask(event: ClientEventName, payload: unknown): Promise<unknown> {
    const answer = (await this.socket.timeout(ANSWER_MS).emitWithAck(event, payload)) as Ack;
    if (!answer.ok) throw new RefusedError(answer.problem.code);
    return answer;
  }
}

/** How many frames this many seconds are. */
export const framesOf = (seconds: number): number => Math.round((seconds * 16_000) / LIVE_FRAME_SAMPLES);
