import { randomUUID } from 'node:crypto';
import { type ClientEventAnswer, type ClientEventName, LIVE_FRAME_SAMPLES, type LiveOpen, type LiveOpened, type LiveReceived, type ProblemCode, type Refusal } from '@auscult/contracts';
import type { Caller } from './caller.js';
import { Watcher } from './watcher.js';

/** Whole frames from `first` on, each sample telling where it belongs. */
export function patternedFrames(first: number, frames: number, channelCount = 1): Uint8Array {
  const samples = new Int16Array(frames * LIVE_FRAME_SAMPLES * channelCount);
  for (let at = 0; at < samples.length; at += 1) {
    const sample = first * LIVE_FRAME_SAMPLES + Math.floor(at / channelCount);
    samples[at] = ((sample * 7 + (at % channelCount) * 1000) % 60_000) - 30_000;
  }
  return new Uint8Array(samples.buffer);
}

/** A device that sends: the protocol's events, as bare as they are, on a socket that remembers what it heard. */
export class LiveSender {
  writer = 0;

  private constructor(
    readonly watcher: Watcher,
    readonly recordingId: string,
    readonly channelCount: 1 | 2,
  ) {}

  static async connect(caller: Caller, recordingId: string = randomUUID(), channelCount: 1 | 2 = 1): Promise<LiveSender> {
    return new LiveSender(await Watcher.connect(caller), recordingId, channelCount);
  }

  /** Connects and opens. */
  static async begin(caller: Caller, recordingId?: string, channelCount: 1 | 2 = 1): Promise<LiveSender> {
    const sender = await LiveSender.connect(caller, recordingId, channelCount);
    const opened = await sender.open();
    if (!opened.ok) throw new Error(`live:open answered ${opened.problem.code}`);
    return sender;
  }

  async open(changes: Partial<LiveOpen> = {}): Promise<LiveOpened | Refusal> {
    const { recordingId, channelCount } = this;
    const opened = await this.ask('live:open', { protocol: 1, recordingId, channelCount, source: 'room', ...changes });
    if (opened.ok) this.writer = opened.writer;
    return opened;
  }

  send(first: number, frames: number, changes: Record<string, unknown> = {}): Promise<LiveReceived | Refusal> {
    const audio = patternedFrames(first, frames, this.channelCount);
    return this.ask('live:audio', { recordingId: this.recordingId, writer: this.writer, first, audio, ...changes });
  }

  /** Everything from frame `first` to `until` - 1, in messages of 8 frames; answers the last word. */
  async sendAll(first: number, until: number): Promise<LiveReceived | Refusal> {
    let answer: LiveReceived | Refusal | undefined;
    for (let at = first; at < until; at += 8) {
      answer = await this.send(at, Math.min(8, until - at));
      if (!answer.ok) return answer;
    }
    if (!answer) throw new Error('There is nothing to send');
    return answer;
  }

  finish(frames: number): Promise<{ ok: true } | Refusal> {
    return this.ask('live:finish', { recordingId: this.recordingId, writer: this.writer, frames });
  }

  forget(minutes: 1 | 2 | 5, until: number, markerId: string = randomUUID()): Promise<ClientEventAnswer<'live:forget'> | Refusal> {
    return this.ask('live:forget', { recordingId: this.recordingId, writer: this.writer, markerId, minutes, until });
  }

  ask<E extends ClientEventName>(event: E, payload: unknown): Promise<ClientEventAnswer<E> | Refusal> {
    return this.watcher.ask(event, payload) as Promise<ClientEventAnswer<E> | Refusal>;
  }

  close(): void {
    this.watcher.close();
  }
}

/** The code of a refusal; null when all went well. */
export function codeOf(answer: { ok: true } | Refusal): ProblemCode | null {
  return answer.ok ? null : answer.problem.code;
}
