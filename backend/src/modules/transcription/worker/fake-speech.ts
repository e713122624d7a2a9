import { FakeRecognizer, FakeVoiceDetector, SAMPLE_RATE } from '@auscult/speech';
import type { SpeechModel } from './speech-engine.service.js';

/** The fake hears one second of speech at the start of every `PERIOD_SECONDS`, for as long as a test may last. */
const PERIOD_SECONDS = 4;
const SPANS = 3000;

/** Slow enough that a test can interrupt it anywhere. */
const DELAY_MS = 100;

/**
 * Speech without a model, for tests: says of each tone how high it is, so that every utterance has its own words and two runs over
 * the same audio must say the same.
 */
export function fakeSpeech(): SpeechModel {
  const spans = Array.from({ length: SPANS }, (_, index) => {
    const start = index * PERIOD_SECONDS * SAMPLE_RATE;
    return { start, end: start + SAMPLE_RATE };
  });
  return {
    recognizer: new FakeRecognizer((samples) => ({ text: `Tone ${pitch(samples)}`, delayMs: DELAY_MS })),
    createVoiceDetector: () => new FakeVoiceDetector(spans),
  };
}

/** Hertz by counting how often a tone crosses zero, without its quiet ends; rounded to ten. */
function pitch(samples: Float32Array): number {
  let crossings = 0;
  let first = -1;
  let last = -1;
  for (let at = 1; at < samples.length; at += 1) {
    if ((samples[at - 1] ?? 0) < 0 === (samples[at] ?? 0) < 0 || Math.abs(samples[at] ?? 0) < 1e-4) continue;
    if (first < 0) first = at;
    else crossings += 1;
    last = at;
  }
  if (crossings === 0) return 0;
  return Math.round((crossings * SAMPLE_RATE) / (2 * (last - first)) / 10) * 10;
}
