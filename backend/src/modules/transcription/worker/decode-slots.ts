import { Recognizer, type Recognition, type RecognizeOptions } from '@auscult/speech';

interface Waiting {
  start: () => void;
  cancel: (reason: unknown) => void;
}

/**
 * Shares one loaded model between the recordings that are being transcribed: at most `count` decodes run at once, and recordings take
 * turns, so that one of three hours does not hold up one of three minutes.
 */
export class DecodeSlots {
  private free: number;
  private readonly lanes: Waiting[][] = [];

  constructor(private readonly recognizer: Recognizer, readonly count: number) {
    this.free = count;
  }

  /** The model as one recording sees it. Closing it closes nothing: the model is shared. */
  lane(): Recognizer {
    return new LaneRecognizer(this.recognizer, this);
  }

  /** Waits for a turn among those who wait in `queue`, runs, and hands the slot on. */
  async run<T>(queue: Waiting[], signal: AbortSignal | undefined, decode: () => Promise<T>): Promise<T> {
    await this.take(queue, signal);
    try {
      return await decode();
    } finally {
      this.free += 1;
      this.next();
    }
  }

  private take(queue: Waiting[], signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const onAbort = () => waiting.cancel(signal?.reason);
      const settle = (end: () => void) => {
        signal?.removeEventListener('abort', onAbort);
        end();
      };
      const waiting: Waiting = {
        start: () => settle(resolve),
        cancel: (reason) => {
          queue.splice(queue.indexOf(waiting), 1);
          settle(() => reject(reason instanceof Error ? reason : new Error('The decode was cancelled')));
        },
      };
      signal?.addEventListener('abort', onAbort);
      queue.push(waiting);
      if (!this.lanes.includes(queue)) this.lanes.push(queue);
      this.next();
    });
  }

  /** Lanes move to the back when they have had their turn, and leave when nobody waits in them. */
  private next(): void {
    while (this.free > 0) {
      const lane = this.lanes.shift();
      if (!lane) return;
      const waiting = lane.shift();
      if (!waiting) continue;
      this.lanes.push(lane);
      this.free -= 1;
      waiting.start();
    }
  }
}

class LaneRecognizer extends Recognizer {
  private readonly queue: Waiting[] = [];

  constructor(private readonly shared: Recognizer, private readonly slots: DecodeSlots) {
    super();
  }

  override get name(): string {
    return this.shared.name;
  }

  override get capabilities() {
    return this.shared.capabilities;
  }

  override recognize(samples: Float32Array, options: RecognizeOptions = {}): Promise<Recognition> {
    return this.slots.run(this.queue, options.signal, () => this.shared.recognize(samples, options));
  }

  override async close(): Promise<void> {}
}
