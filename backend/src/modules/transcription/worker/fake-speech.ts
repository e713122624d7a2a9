import { availableParallelism } from 'node:os';
import { FakeRecognizer, type FakeUtterance, FakeVoiceDetector, LevelVoiceDetector, type ModelName, SAMPLE_RATE } from '@auscult/speech';
import type { SpeechModel } from './speech-model.js';

/** The fake hears one second of speech at the start of every `PERIOD_SECONDS`, for as long as a test may last. */
const PERIOD_SECONDS = 4;
const SPANS = 3000;

/** Tones from here on up are what a recogniser fails at, however often it is asked. */
const FAILS_HERTZ = 5000;

/** Below this a resampled edge trembles around zero. */
const QUIET = 0.01;

/** Slow enough that a test can interrupt it anywhere. */
const DELAY_MS = 100;

/**
 * Speech without a model, for tests: says of each tone how high it is, so that every utterance has its own words and two runs over
 * the same audio must say the same. The less exact model is heard by its mistakes.
 */
export function fakeSpeech(model: ModelName): SpeechModel {
  const [name, word] = model === 'base' ? ['fake', 'Tone'] : [`fake-${model}`, 'Tune'];
  const spans = Array.from({ length: SPANS }, (_, index) => {
    const start = index * PERIOD_SECONDS * SAMPLE_RATE;
    return { start, end: start + SAMPLE_RATE };
  });
  const recognizer = new FakeRecognizer((samples) => said(word, pitch(samples)), { name });
  return {
    recognizer,
    createVoiceDetector: () => new FakeVoiceDetector(spans),
    // The other one knows where speech lies in a file; here the sound begins at each checkpoint.
    createLiveVoiceDetector: () => new LevelVoiceDetector(),
    device: 'cpu',
    parallel: availableParallelism(),
    openBackground: () => Promise.resolve(recognizer),
  };
}

function said(word: string, hertz: number): FakeUtterance {
  const said = { text: `${word} ${hertz}`, delayMs: DELAY_MS };
  return hertz < FAILS_HERTZ ? said : { ...said, error: new Error('The fake recogniser fails at this tone') };
}

/** Hertz by counting how often a tone changes its sign, rounded to ten; 0 in silence. */
function pitch(samples: Float32Array): number {
  const changes: number[] = [];
  let before = 0;
  for (const [at, sample] of samples.entries()) {
    if (Math.abs(sample) < QUIET) continue;
    if (before !== 0 && sample < 0 !== before < 0) changes.push(at);
    before = sample;
  }
  const seconds = ((changes.at(-1) ?? 0) - (changes[0] ?? 0)) / SAMPLE_RATE;
  return changes.length < 2 ? 0 : Math.round((changes.length - 1) / (2 * seconds) / 10) * 10;
}
