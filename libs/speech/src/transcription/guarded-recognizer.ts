import { SAMPLE_RATE } from '../audio/opened-audio.js';
import type { VoicedSpan } from '../detection/voice-detector.js';
import type { Recognition, Recognizer, Word } from '../recognition/recognizer.js';
import { LEVEL_STEP, levelsOf, percentile } from './levels.js';
import { fitsTime, hasLoop } from './plausible-text.js';
import { shiftWords } from './word-times.js';

/** Sound whose loudest parts do not reach this is not audible. */
const AUDIBLE_DB = -65;
/**
 * The loud parts of speech stand well above the quiet ones; a hum or a tone that the detector took for a voice does not. Pink noise
 * (about 6 dB) and brown noise (about 9 dB) pass here: the detector and the recogniser's own empty answers stop them.
 */
const LEAST_CONTRAST_DB = 3;
/** A piece shorter than this is not cut again. */
const SHORTEST_HALF = 2 * SAMPLE_RATE;

/** A stretch of sound with the voiced parts in it, in samples from its start. */
export interface Excerpt {
  readonly samples: Float32Array;
  readonly voiced: readonly VoicedSpan[];
}

/** Asks a recogniser and keeps what it invents out of the transcript: an empty answer is a good answer. */
export class GuardedRecognizer {
  constructor(
    private readonly recognizer: Recognizer,
    private readonly signal?: AbortSignal,
  ) {}

  async recognize(excerpt: Excerpt): Promise<Recognition> {
    return isSpeechLike(excerpt) ? this.recognizeAll(excerpt) : { text: '' };
  }

  private async recognizeAll(excerpt: Excerpt): Promise<Recognition> {
    const recognition = await this.recognizer.recognize(excerpt.samples, { signal: this.signal });
    if (fitsTime(recognition.text, voicedSeconds(excerpt)) && !hasLoop(recognition.text)) return recognition;
    if (excerpt.samples.length < SHORTEST_HALF) return { text: '' };
    return this.recognizeHalves(excerpt);
  }

  private async recognizeHalves(excerpt: Excerpt): Promise<Recognition> {
    const middle = quietestMiddle(excerpt.samples);
    const first = await this.recognizeAll(cut(excerpt, 0, middle));
    const second = await this.recognizeAll(cut(excerpt, middle, excerpt.samples.length));
    const text = [first.text, second.text].filter((part) => part.length > 0).join(' ');
    if (!this.recognizer.capabilities.wordTimes) return { text };
    const words: Word[] = [...(first.words ?? []), ...shiftWords(second.words ?? [], middle)];
    return { text, words };
  }
}

function voicedSeconds({ voiced }: Excerpt): number {
  return voiced.reduce((sum, { start, end }) => sum + end - start, 0) / SAMPLE_RATE;
}

function isSpeechLike({ samples }: Excerpt): boolean {
  const levels = levelsOf(samples);
  const loud = percentile(levels, 0.95);
  return loud > AUDIBLE_DB && loud - percentile(levels, 0.1) >= LEAST_CONTRAST_DB;
}

/** The quietest place in the middle half, where a cut does least harm. */
function quietestMiddle(samples: Float32Array): number {
  const levels = levelsOf(samples);
  let best = Math.floor(levels.length / 2);
  for (let i = Math.floor(levels.length / 4); i < (levels.length * 3) / 4; i += 1) {
    if ((levels[i] as number) < (levels[best] as number)) best = i;
  }
  return best * LEVEL_STEP;
}

function cut({ samples, voiced }: Excerpt, from: number, to: number): Excerpt {
  const inside = voiced
    .map(({ start, end }) => ({ start: Math.max(start, from) - from, end: Math.min(end, to) - from }))
    .filter(({ start, end }) => end > start);
  return { samples: samples.slice(from, to), voiced: inside };
}
