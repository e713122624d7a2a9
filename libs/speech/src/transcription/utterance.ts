import type { Recognition, Word } from '../recognition/recognizer.js';
import { SAMPLE_RATE } from '../audio/opened-audio.js';
import type { DecodeQueue } from './decode-queue.js';
import type { GuardedRecognizer } from './guarded-recognizer.js';
import { LEVEL_STEP, levelsOf, meanLevel } from './levels.js';
import type { HeardWords } from './repeated-words.js';
import type { UtteranceSpan } from './utterance-cutter.js';
import { estimateWords, shiftWords, toMs } from './word-times.js';

/** An utterance in its place in the order of the recording; recognised when somebody needs its words. */
export class Utterance implements HeardWords {
  readonly levels: Float32Array;
  private recognition: Recognition | null = null;
  private samples: Float32Array | null;
  private asked = false;

  constructor(
    readonly index: number,
    readonly channel: number,
    readonly span: UtteranceSpan,
    /** The own channel's sound with its padding, and the other channel's over the same time. */
    samples: Float32Array,
    other: Float32Array | null,
  ) {
    this.samples = samples;
    this.levels = levelsOf(samples);
    this.otherLevels = other ? levelsOf(other) : null;
  }

  private readonly otherLevels: Float32Array | null;

  get isRecognized(): boolean {
    return this.recognition !== null;
  }

  /** Puts the utterance to be recognised, once. */
  recognizeBy(recognizer: GuardedRecognizer, queue: DecodeQueue): void {
    if (this.asked) return;
    this.asked = true;
    queue.add(async () => {
      const { paddedStart, voiced } = this.span;
      const inside = voiced.map(({ start, end }) => ({ start: start - paddedStart, end: end - paddedStart }));
      this.recognition = await recognizer.recognize({ samples: this.samples as Float32Array, voiced: inside });
      this.samples = null;
    });
  }

  get timing(): 'engine' | 'estimated' {
    return this.recognition?.words ? 'engine' : 'estimated';
  }

  get text(): string {
    return this.recognition?.text ?? '';
  }

  get words(): readonly Word[] {
    const words = this.recognition?.words;
    return words ? shiftWords(words, this.span.paddedStart) : estimateWords(this.text, this.span.voiced);
  }

  get voicedMs(): number {
    return toMs(this.span.voiced.reduce((sum, { start, end }) => sum + end - start, 0));
  }

  louderBy(startMs: number, endMs: number): number {
    if (!this.otherLevels) return 0;
    const step = (ms: number) => Math.round(((ms * SAMPLE_RATE) / 1000 - this.span.paddedStart) / LEVEL_STEP);
    const [from, to] = [step(startMs), step(endMs)];
    return meanLevel(this.levels.subarray(from, to)) - meanLevel(this.otherLevels.subarray(from, to));
  }
}
