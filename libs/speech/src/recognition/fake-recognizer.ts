import { setTimeout as delay } from 'node:timers/promises';
import { type Recognition, type RecognizeOptions, Recognizer, type Word } from './recognizer.js';

/** What the fake answers to one call. */
export interface FakeUtterance {
  readonly text?: string;
  readonly words?: readonly Word[];
  readonly delayMs?: number;
  readonly error?: Error;
}

/** Answers by the samples (and the number of the call, from 0), or one after another from a list, then empty. */
export type FakeScript = readonly (FakeUtterance | string)[] | ((samples: Float32Array, call: number) => FakeUtterance | string);

const SHORTEST_SAMPLES = 1600;

/** A recogniser that says what its script says. Counts its calls and how many were in flight at once. */
export class FakeRecognizer extends Recognizer {
  override readonly name: string;
  override readonly capabilities: { readonly wordTimes: boolean };
  readonly heard: { samples: number }[] = [];
  mostInFlight = 0;
  private inFlight = 0;
  private closed = false;

  constructor(
    private readonly script: FakeScript = () => 'hello from the fake recogniser',
    options: { wordTimes?: boolean; name?: string } = {},
  ) {
    super();
    this.name = options.name ?? 'fake';
    this.capabilities = { wordTimes: options.wordTimes ?? false };
  }

  override async recognize(samples: Float32Array, options: RecognizeOptions = {}): Promise<Recognition> {
    options.signal?.throwIfAborted();
    if (this.closed) throw new Error('The recogniser is closed');
    if (samples.length < SHORTEST_SAMPLES) return { text: '' };
    const answer = this.answer(samples);
    this.heard.push({ samples: samples.length });
    this.inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    try {
      // A real engine never answers within the same turn of the event loop.
      await delay(answer.delayMs ?? 0, undefined, { signal: options.signal }).catch(() => undefined);
      options.signal?.throwIfAborted();
      if (answer.error) throw answer.error;
      return answer.words ? { text: answer.text ?? '', words: answer.words } : { text: answer.text ?? '' };
    } finally {
      this.inFlight -= 1;
    }
  }

  override close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }

  private answer(samples: Float32Array): FakeUtterance {
    const call = this.heard.length;
    const answer = typeof this.script === 'function' ? this.script(samples, call) : (this.script[call] ?? '');
    return typeof answer === 'string' ? { text: answer } : answer;
  }
}
