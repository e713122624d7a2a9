import type { OpenedAudio } from '../audio/opened-audio.js';
import { SAMPLE_RATE } from '../audio/opened-audio.js';
import { BLEED_SHIFT } from './bleed.js';
import { DecodeQueue } from './decode-queue.js';
import { GuardedRecognizer } from './guarded-recognizer.js';
import { withoutCopies } from './repeated-words.js';
import type { TranscribeOptions } from './transcribe-options.js';
import type { FinishedEvent, ProgressEvent, TranscriptionEvent, UtteranceEvent } from './transcription-event.js';
import type { Utterance } from './utterance.js';
import { UtteranceOrder } from './utterance-order.js';
import { WaveformPeaks } from './waveform-peaks.js';
import { toMs } from './word-times.js';

/** Progress is told when it has moved this far. */
const PROGRESS_STEP = 2 * SAMPLE_RATE;

/** One pass over one recording. */
export class Transcription {
  private readonly order: UtteranceOrder;
  private readonly queue: DecodeQueue;
  private readonly recognizer: GuardedRecognizer;
  private readonly peaks: WaveformPeaks;
  private readonly channelSpeechMs: number[];
  private readonly skip: number;
  private readonly stopping = new AbortController();
  /** Utterances in order that were not told yet, and those before them that they may copy or be copied by. */
  private untold: Utterance[] = [];
  private told: Utterance[] = [];
  private progress = 0;
  private ended = false;
  private failure: { readonly reason: unknown } | null = null;

  constructor(
    private readonly audio: OpenedAudio,
    private readonly options: TranscribeOptions,
  ) {
    const { signal } = options;
    this.order = new UtteranceOrder(audio, options.createVoiceDetector);
    this.queue = new DecodeQueue(options.parallel);
    this.recognizer = new GuardedRecognizer(options.recognizer, signal ? AbortSignal.any([signal, this.stopping.signal]) : this.stopping.signal);
    this.peaks = new WaveformPeaks(audio.channelCount);
    this.channelSpeechMs = new Array<number>(audio.channelCount).fill(0);
    this.skip = options.skipUtterances ?? 0;
  }

  async *events(): AsyncGenerator<TranscriptionEvent, void, undefined> {
    const frames = this.audio.frames[Symbol.asyncIterator]();
    let reading: Promise<void> | null = null;
    while (!this.ended || this.untold.length > 0) {
      this.options.signal?.throwIfAborted();
      this.queue.throwIfFailed();
      if (this.failure) throw this.failure.reason;
      yield* this.tell();
      if (!this.ended && !this.queue.isFull) reading ??= this.read(frames).finally(() => (reading = null));
      if (reading || this.untold.length > 0) await Promise.race(reading ? [reading, this.queue.change()] : [this.queue.change()]);
    }
    yield this.finished();
  }

  /** Drops what is in flight. */
  stop(): void {
    this.queue.clear();
    this.stopping.abort();
  }

  /** Never rejects: a reading that nobody waits for any more must not end the process, nor one that fails be forgotten. */
  private async read(frames: AsyncIterator<Float32Array[]>): Promise<void> {
    try {
      const next = await frames.next();
      if (!next.done) this.peaks.add(next.value);
      this.queueAll(next.done ? this.order.end() : this.order.feed(next.value));
      this.ended = next.done === true;
    } catch (reason) {
      this.failure = { reason };
    }
  }

  private queueAll(released: readonly Utterance[]): void {
    for (const utterance of released) {
      this.untold.push(utterance);
      if (utterance.index >= this.skip) utterance.recognizeBy(this.recognizer, this.queue);
    }
  }

  private *tell(): Generator<UtteranceEvent | ProgressEvent> {
    for (let next = this.untold[0]; next && this.isReady(next); next = this.untold[0]) {
      this.untold.shift();
      this.told.push(next);
      if (next.index >= this.skip) yield this.utteranceEvent(next);
      else this.countSpeech(next);
    }
    const reached = this.untold[0]?.span.start ?? this.order.settled;
    this.told = this.told.filter(({ span }) => span.end + BLEED_SHIFT >= reached);
    if (reached - this.progress < PROGRESS_STEP) return;
    this.progress = reached;
    yield { kind: 'progress', reachedMs: toMs(reached) };
  }

  private isReady(utterance: Utterance): boolean {
    if (utterance.index < this.skip) return true;
    if (!utterance.isRecognized || !this.order.knowsNeighbours(utterance)) return false;
    const neighbours = this.neighboursOf(utterance);
    // One that an earlier attempt saved is recognised again only for this comparison.
    for (const neighbour of neighbours) neighbour.recognizeBy(this.recognizer, this.queue);
    return neighbours.every((neighbour) => neighbour.isRecognized);
  }

  private neighboursOf({ channel, span }: Utterance): Utterance[] {
    const touches = (other: Utterance) =>
      other.channel !== channel && other.span.start <= span.end + BLEED_SHIFT && other.span.end + BLEED_SHIFT >= span.start;
    return [...this.told, ...this.untold].filter(touches);
  }

  private utteranceEvent(utterance: Utterance): UtteranceEvent {
    const { index, channel, span, timing } = utterance;
    let words = utterance.words;
    const before = words.length;
    for (const neighbour of this.neighboursOf(utterance)) {
      const heard = { words, louderBy: utterance.louderBy.bind(utterance) };
      words = withoutCopies(heard, neighbour, timing);
    }
    const text = words.length === before ? utterance.text : words.map((word) => word.text).join(' ');
    if (text.length > 0) this.countSpeech(utterance);
    return { kind: 'utterance', index, channel, startMs: toMs(span.start), endMs: toMs(span.end), text, words, wordTiming: timing };
  }

  private countSpeech({ channel, voicedMs }: Utterance): void {
    this.channelSpeechMs[channel] = (this.channelSpeechMs[channel] ?? 0) + voicedMs;
  }

  private finished(): FinishedEvent {
    const { channelSpeechMs } = this;
    return {
      kind: 'finished',
      durationMs: toMs(this.order.reached),
      truncated: this.audio.truncated,
      speechMs: channelSpeechMs.reduce((sum, ms) => sum + ms, 0),
      channelSpeechMs,
      waveform: this.peaks.finish(),
    };
  }
}
