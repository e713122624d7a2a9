import { frameBytesOf } from './frame-cutter.js';
import type { FrameSpool } from './frame-spool.js';
import { PauseListener } from './pause-listener.js';

interface Operation {
  kind: 'append' | 'silence' | 'forget' | 'move';
  run: () => Promise<void>;
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
  #idle: Promise<void> = Promise.resolve();
  #running = false;
  #closed = false;
  #failed = false;
  readonly #pauses: PauseListener;
  readonly #frameBytes: number;
  /** The number that the next frame gets. */
  #next: number;

  constructor(options: SpooledFramesOptions) {
    this.#options = options;
    this.#pauses = new PauseListener(options.channelCount);
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

  /** The newest frame may be the one that shows the end of an utterance. */
  get endInPause(): boolean {
    return this.#pauses.isPause;
  }

  add(frames: Uint8Array): void {
    if (frames.length === 0) return;
    this.#pauses.hear(frames.subarray(-this.#frameBytes));
    this.#next += frames.length / this.#frameBytes;
    // While a slow spool writes, what comes in meanwhile becomes one operation.
    const waiting = this.#queue.length > 1 ? this.#queue.at(-1)?.frames : undefined;
    if (waiting) {
      waiting.push(frames);
      return;
    }
    const parts = [frames];
    this.#enqueue({ kind: 'append', frames: parts, run: () => this.#options.spool.append(this.#options.spool.next, joined(parts)) });
  }

  read(first: number, count: number): Promise<Uint8Array> {
    return this.#options.spool.read(first, count);
  }

  silence(from: number, until: number): void {
    this.#enqueue({ kind: 'silence', run: () => this.#options.spool.silence(from, until) });
  }

  forgetBefore(frame: number): void {
    this.#enqueue({ kind: 'forget', run: () => this.#options.spool.forgetBefore(frame) });
  }

  /** The session went on elsewhere: the frames from `from` on are given the numbers from `to` on, those before are of no use any more. */
  move(from: number, to: number): void {
    this.#next += to - from;
    const { spool } = this.#options;
    this.#enqueue({ kind: 'move', run: async () => spool.append(to, await spool.read(from, spool.next - from)) });
  }

  /** Resolves when everything that was asked for until now is done. */
  settled(): Promise<void> {
    return this.#idle;
  }

  /** What waits is still written, once; a spool that fails is left alone. */
  close(): void {
    this.#closed = true;
  }

  #enqueue(operation: Operation): void {
    this.#queue.push(operation);
    if (this.#running) return;
    this.#running = true;
    this.#idle = this.#work();
  }

  async #work(): Promise<void> {
    for (let operation = this.#queue[0]; operation; operation = this.#queue[0]) {
      const failed = await operation.run().then(
        () => false,
        () => true,
      );
      if (failed && this.#closed) break;
      if (failed) await new Promise((resolve) => setTimeout(resolve, this.#options.retryMs));
      else this.#queue.shift();
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
