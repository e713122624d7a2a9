import { LIVE_MESSAGE_FRAMES } from '@auscult/contracts';
import { PauseListener } from './pause-listener.js';
import { VoiceEnds } from './voice/voice-ends.js';
import type { VoiceNetwork } from './voice/voice-network.js';

/** What may be the end of an utterance is sent so many times sooner than what is surely not. */
const IN_A_PAUSE = 4;

/**
 * When the frames that wait are worth a message. A server for which many speak would like several in each; but what ends an utterance is waited for: with the server's
 * voice detector that is known to the frame, without it any pause may be one.
 */
export class Gathering {
  readonly #channelCount: number;
  readonly #pauses: PauseListener;
  #ends: VoiceEnds | null = null;
  /** Of the newest frames those that are waited for: the numbers of the frames behind them. */
  #awaited: number[] = [];

  constructor(channelCount: number) {
    this.#channelCount = channelCount;
    this.#pauses = new PauseListener(channelCount);
  }

  /** From now on the ends of voices are known. */
  listenBy(network: VoiceNetwork): void {
    this.#ends ??= new VoiceEnds(network, this.#channelCount);
  }

  /** @param until number of the frame that comes after this one */
  hear(frame: Uint8Array, until: number): void {
    if (!this.#ends) this.#pauses.hear(frame);
    else if (this.#ends.hear(frame)) this.#awaited = [...this.#awaited.filter((one) => one > until - LIVE_MESSAGE_FRAMES), until];
  }

  /** Frames got other numbers. */
  move(by: number): void {
    this.#awaited = this.#awaited.map((one) => one + by);
  }

  /** Whether the frames from `from` until the newest one, `until`, are worth a message when the server would like `gather` in each. */
  isWorthAMessage(gather: number, from: number, until: number): boolean {
    if (this.#awaited.some((one) => from < one && one <= until)) return true;
    const inPause = !this.#ends && this.#pauses.isPause;
    return until - from >= (inPause ? Math.ceil(gather / IN_A_PAUSE) : gather);
  }
}
