import type { CreateVoiceDetector } from '../detection/voice-detector.js';
import type { Recognizer } from '../recognition/recognizer.js';
import { SAMPLE_RATE } from '../audio/opened-audio.js';
import { UtteranceCutter, type UtteranceSpan } from '../transcription/utterance-cutter.js';

export interface RawLoopOptions {
  readonly recognizer: Recognizer;
  readonly createVoiceDetector: CreateVoiceDetector;
  readonly parallel: number;
}

export interface RawLoopResult {
  readonly audioSeconds: number;
  readonly wallSeconds: number;
  readonly words: number;
  readonly text: string;
}

/** What the detector is fed at once. */
const STEP = SAMPLE_RATE / 2;

/** The utterance spans of one channel, as the detector goes through it. */
function* spansOf(samples: Float32Array, createVoiceDetector: CreateVoiceDetector): Generator<UtteranceSpan> {
  const detector = createVoiceDetector();
  const cutter = new UtteranceCutter();
  for (let start = 0; start < samples.length; start += STEP) {
    for (const span of detector.accept(samples.subarray(start, start + STEP))) {
      const closed = cutter.add(span);
      if (closed) yield closed;
    }
    const settled = cutter.settle(detector.settledUntil);
    if (settled) yield settled;
  }
  for (const span of detector.flush()) {
    const closed = cutter.add(span);
    if (closed) yield closed;
  }
  const last = cutter.flush(samples.length);
  if (last) yield last;
}

/**
 * What the engine can do at best on this machine: decoded mono sound in memory, detector, cutting, `parallel` decodes in
 * flight, and nothing else: no decoder, no guards, no order, no database. The measure for the whole system's throughput.
 */
export async function rawLoop(samples: Float32Array, options: RawLoopOptions): Promise<RawLoopResult> {
  const startedAt = performance.now();
  const texts: string[] = [];
  const spans = spansOf(samples, options.createVoiceDetector);
  let count = 0;
  const lane = async () => {
    for (let next = spans.next(); !next.done; next = spans.next()) {
      const index = count++;
      const { text } = await options.recognizer.recognize(samples.slice(next.value.paddedStart, next.value.paddedEnd));
      texts[index] = text;
    }
  };
  await Promise.all(Array.from({ length: options.parallel }, lane));
  const text = texts.filter((each) => each.length > 0).join(' ');
  const words = text.split(/\s+/).filter((word) => word.length > 0).length;
  return { audioSeconds: samples.length / SAMPLE_RATE, wallSeconds: (performance.now() - startedAt) / 1000, words, text };
}
