import { SAMPLE_RATE } from '../audio/opened-audio.js';
import type { VoicedSpan } from '../detection/voice-detector.js';
import type { Word } from '../recognition/recognizer.js';

export const toMs = (samples: number): number => Math.round((samples * 1000) / SAMPLE_RATE);

/** Finds the place in the recording of a moment counted over voiced time only. */
function placeOf(voicedTime: number, voiced: readonly VoicedSpan[]): number {
  let left = voicedTime;
  for (const { start, end } of voiced) {
    if (left <= end - start) return start + left;
    left -= end - start;
  }
  return voiced.at(-1)?.end ?? 0;
}

/** A word that would lie across a pause is kept to the side where most of it is. */
function withoutPause(from: number, to: number, voiced: readonly VoicedSpan[]): VoicedSpan {
  let best: VoicedSpan = { start: from, end: to };
  let most = -1;
  for (const span of voiced) {
    const start = Math.max(from, span.start);
    const end = Math.min(to, span.end);
    if (end - start > most) {
      best = { start, end };
      most = end - start;
    }
  }
  return best;
}

/**
 * Word times for an engine that has none: the words share the voiced time by their number of characters (a blank counts
 * for one). Times in milliseconds of the recording, in order, never outside the voiced parts.
 */
export function estimateWords(text: string, voiced: readonly VoicedSpan[]): Word[] {
  const words = text.split(/\s+/).filter((word) => word.length > 0);
  const total = words.reduce((sum, word) => sum + word.length + 1, 0);
  const voicedTime = voiced.reduce((sum, { start, end }) => sum + end - start, 0);
  let passed = 0;
  return words.map((word) => {
    const from = placeOf((passed / total) * voicedTime, voiced);
    passed += word.length + 1;
    const to = placeOf((passed / total) * voicedTime, voiced);
    const { start, end } = withoutPause(from, to, voiced);
    return { text: word, startMs: toMs(start), endMs: toMs(end) };
  });
}

/** An engine's own word times, counted from the start of what it was given, as times of the recording. */
export function shiftWords(words: readonly Word[], bySamples: number): Word[] {
  const by = toMs(bySamples);
  return words.map(({ text, startMs, endMs }) => ({ text, startMs: startMs + by, endMs: endMs + by }));
}
