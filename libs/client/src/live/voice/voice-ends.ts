import { LIVE_FRAME_SAMPLES } from '@auscult/contracts';
import { VOICE_STEP, VOICE_WINDOW, VoiceHearing, type VoiceNetwork } from './voice-network.js';

/** The server's own rule of what a voice is (`libs/speech`): likelier than the first it begins, once it has lasted for so many samples; under the second it may have ended. */
const BEGINS = 0.3;
const GOES_ON = 0.15;
const SHORTEST_VOICE = 1_600;
/** So many samples under the first without one above it: then it has ended. */
const SHORTEST_PAUSE = 2_400;
/** So many samples behind the end of a voice the server begins to decode; with two channels it first hears whether the voice was the other one's. */
const decodedAfter = (channelCount: number): number => (channelCount === 1 ? 3_200 : 5_120);
/** So many behind it, it knows that the utterance is over. */
const OVER_AFTER = 8_000;
/** Its windows begin elsewhere, anew with each stretch: half of one. Simulated, a whole one is later on the whole, and none misses more. */
const UNSURE = VOICE_STEP / 2;

/** One channel: where the voices end that are heard in it. */
class Channel {
  readonly #hearing: VoiceHearing;
  readonly #window = new Float32Array(VOICE_WINDOW);
  #filled = 0;
  #heard = 0;
  /** Since when a voice is heard; null: none is. */
  #speaksSince: number | null = null;
  /** Since when it has been likely enough for a voice to begin, and since when not for one to go on; null: it is not. */
  #likelySince: number | null = null;
  #softSince: number | null = null;

  constructor(network: VoiceNetwork) {
    this.#hearing = new VoiceHearing(network);
  }

  /** Whether a voice was heard by then that is still heard. */
  hasSpokenSince(sample: number): boolean {
    return this.#speaksSince !== null && this.#speaksSince <= sample;
  }

  /** Takes one sample; answers where a voice ended, in samples since the first, in the moment when that is sure. */
  take(sample: number): number | null {
    this.#window[this.#filled++] = sample / 32_768;
    if (this.#filled < VOICE_WINDOW) return null;
    const likely = this.#hearing.hear(this.#window);
    this.#window.copyWithin(0, VOICE_STEP);
    this.#filled = VOICE_WINDOW - VOICE_STEP;
    this.#heard += VOICE_STEP;
    return this.#judge(likely);
  }

  #judge(likely: number): number | null {
    if (likely > BEGINS) {
      this.#softSince = null;
      this.#likelySince ??= this.#heard;
      if (this.#heard - this.#likelySince >= SHORTEST_VOICE) this.#speaksSince ??= this.#heard;
      return null;
    }
    if (this.#speaksSince === null) this.#likelySince = null;
    if (this.#speaksSince === null || likely > GOES_ON) return null;
    this.#softSince ??= this.#heard;
    if (this.#heard - this.#softSince < SHORTEST_PAUSE) return null;
    this.#speaksSince = null;
    this.#likelySince = null;
    this.#softSince = null;
    return this.#heard - SHORTEST_PAUSE;
  }
}

/** On one channel, until this sample. */
interface Silence {
  readonly of: Channel;
  readonly until: number;
}

/** Tells from frames of 16-bit samples which of them complete a silence that somebody waits for, by ears like the server's. */
export class VoiceEnds {
  readonly #channels: readonly Channel[];
  readonly #waits: readonly number[];
  #heard = 0;
  /** What will be waited for unless somebody speaks before. */
  #silences: Silence[] = [];

  constructor(network: VoiceNetwork, channelCount: number) {
    this.#channels = Array.from({ length: channelCount }, () => new Channel(network));
    this.#waits = [decodedAfter(channelCount), OVER_AFTER];
  }

  /**
   * Answers whether this frame is waited for.
   * @param frame whole samples, little-endian, channels interleaved
   */
  hear(frame: Uint8Array): boolean {
    const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
    for (let at = 0; at + 1 < frame.byteLength; at += 2) {
      const channel = this.#channels[(at / 2) % this.#channels.length] as Channel;
      const end = channel.take(view.getInt16(at, true));
      if (end !== null) this.#silences.push(...this.#waits.map((after) => ({ of: channel, until: end + after })));
    }
    this.#heard += 1;
    const isComplete = ({ until }: Silence): boolean => until + UNSURE <= this.#heard * LIVE_FRAME_SAMPLES;
    const complete = this.#silences.filter(isComplete);
    this.#silences = this.#silences.filter((silence) => !isComplete(silence));
    return complete.some(({ of, until }) => !of.hasSpokenSince(until - VOICE_STEP));
  }
}
