import { LIVE_MESSAGE_FRAMES } from '@auscult/contracts';
import { frameBytesOf } from './frame-cutter.js';
import type { FrameSpool } from './frame-spool.js';
import { Gathering } from './gathering.js';
import type { VoiceNetwork } from './voice/voice-network.js';

interface Operation {
  kind: 'append' | 'silence' | 'forget' | 'move' | 'wait';
  run: () => Promise<void>;
  /** The spool was closed before it came to that. */
  givenUp?: () => void;
  /** Of an append that has not begun: what it will write. */
  frames?: Uint8Array[];
}

export interface SpooledFramesOptions {
  spool: FrameSpool;
  channelCount: number;
  /** Frames became readable, or the spool failed or recovered. */
  onChange: () => void;
  retryMs: number;
}

/**
 * Puts frames into the spool one operation after the other, and again when the spool fails: until then they wait in memory.
 * Numbers are given out at once, when the sound is added.
 */
export class SpooledFrames {
  readonly #options: SpooledFramesOptions;
  readonly #queue: Operation[] = [];
  /** What shall be silent and is not yet in the spool: nobody reads it any more. */
  readonly #silences = new Set<{ from: number; until: number }>();
  #running = false;
  #closed = false;
  #failed = false;
  readonly #gathering: Gathering;
  readonly #frameBytes: number;
  /** The number that the next frame gets. */
  #next: number;

  constructor(options: SpooledFramesOptions) {
    this.#options = options;
    this.#gathering = new Gathering(options.channelCount);
    this.#frameBytes = frameBytesOf(options.channelCount);
    this.#next = options.spool.next;
  }

  get next(): number {
    return this.#next;
  }

  /** Frames before this one are not kept any more. */
  get first(): number {
    return this.#options.spool.first;
  }

  /** Frames before this one can be read. */
  get readable(): number {
    return this.#options.spool.next;
  }

  /** The spool refuses to keep more; nothing is lost while the page lives. */
  get failed(): boolean {
    return this.#failed;
  }

  /** Whether the frames from `from` until `until` are worth a message when the server would like `gather` in each. */
  areWorthAMessage(gather: number, from: number, until: number): boolean {
    return this.#gathering.isWorthAMessage(gather, from, until);
  }

  /** The server's voice detector tells from now on what somebody waits for. */
  listenBy(network: VoiceNetwork): void {
    this.#gathering.listenBy(network);
  }

  add(frames: Uint8Array): void {
    if (frames.length === 0) return;
    // More than a message at once is sent at once, and need not be heard.
    const heard = frames.length > LIVE_MESSAGE_FRAMES * this.#frameBytes ? frames.subarray(-this.#frameBytes) : frames;
    this.#next += (frames.length - heard.length) / this.#frameBytes;
    for (let at = 0; at < heard.length; at += this.#frameBytes) {
      this.#next += 1;
      this.#gathering.hear(heard.subarray(at, at + this.#frameBytes), this.#next);
    }
    // While a slow spool writes, what comes in meanwhile becomes one operation.
    const waiting = this.#queue.length > 1 ? this.#queue.at(-1)?.frames : undefined;
    if (waiting) {
      waiting.push(frames);
      return;
    }
    const parts = [frames];
    this.#enqueue({ kind: 'append', frames: parts, run: () => this.#options.spool.append(this.#options.spool.next, joined(parts)) });
  }

  async read(first: number, count: number): Promise<Uint8Array> {
    const silences = [...this.#silences];
    const frames = await this.#options.spool.read(first, count);
    for (const { from, until } of silences) {
      if (until > first) frames.fill(0, Math.max(0, from - first) * this.#frameBytes, (until - first) * this.#frameBytes);
    }
    return frames;
  }

  /** At once for whoever reads, and in the spool as soon as it can be: then it resolves, which may be never. */
  silence(from: number, until: number): Promise<void> {
    const silence = { from, until };
    this.#silences.add(silence);
    return new Promise((resolve) => {
      const run = async (): Promise<void> => {
        await this.#options.spool.silence(from, until);
        this.#silences.delete(silence);
        resolve();
      };
      this.#enqueue({ kind: 'silence', run });
    });
  }

  forgetBefore(frame: number): void {
    this.#enqueue({ kind: 'forget', run: () => this.#options.spool.forgetBefore(frame) });
  }

  /**
   * The session went on elsewhere: the frames from `from` on are given the numbers from `to` on, those before are of no use any more.
   * @param known the spool is not written before: a page that dies meanwhile must leave a store that knows of it
   */
  move(from: number, to: number, known: Promise<void> = Promise.resolve()): void {
    this.#next += to - from;
    this.#gathering.move(to - from);
    const { spool } = this.#options;
    const run = async (): Promise<void> => {
      await known;
      await spool.append(to, await spool.read(from, spool.next - from), true);
    };
    this.#enqueue({ kind: 'move', run });
  }

  /** Resolves when everything that was asked for until now is done. */
  settled(): Promise<void> {
    if (!this.#running) return Promise.resolve();
    return new Promise((resolve) => this.#enqueue({ kind: 'wait', run: () => Promise.resolve(resolve()), givenUp: resolve }));
  }

  /** What waits is still tried, once. */
  close(): void {
    this.#closed = true;
  }

  /** Nobody reads what shall be silent: that it is not yet in the spool need not hold up what comes. */
  #mayWait({ kind }: Operation): boolean {
    return kind === 'silence' && !this.#closed && !this.#queue.some((other) => other.kind === 'move');
  }

  #enqueue(operation: Operation): void {
    this.#queue.push(operation);
    if (this.#running) return;
    this.#running = true;
    void this.#work();
  }

  /** With it goes what relies on it: sound behind sound that is missing would get its numbers, and behind a move all numbers are others. */
  #giveUp(failed: Operation): void {
    const waiting = this.#queue.splice(0);
    for (const operation of waiting) {
      const relies = failed.kind === 'move' || (failed.kind === 'append' && operation.kind === 'append');
      if (operation === failed || relies) operation.givenUp?.();
      else this.#queue.push(operation);
    }
  }

  async #work(): Promise<void> {
    for (let operation = this.#queue[0]; operation; operation = this.#queue[0]) {
      const failed = await operation.run().then(
        () => false,
        () => true,
      );
      if (failed && this.#closed) {
        this.#giveUp(operation);
        continue;
      }
      if (failed) await new Promise((resolve) => setTimeout(resolve, this.#options.retryMs));
      if (!failed || this.#mayWait(operation)) this.#queue.shift();
      if (failed && this.#queue[0] !== operation) this.#queue.push(operation);
      this.#failed = failed;
      this.#options.onChange();
    }
    this.#running = false;
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  if (parts.length === 1 && only) return only;
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
