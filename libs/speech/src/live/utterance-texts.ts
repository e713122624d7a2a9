import type { Word } from '../recognition/recognizer.js';
import { estimateWords, shiftWords, toMs } from '../transcription/word-times.js';
import type { Hearing } from './decode-session.js';
import type { LiveFinalEvent } from './live-event.js';
import type { LiveSpan } from './live-span.js';
import { refinedTexts } from './refined-texts.js';

/** What was heard in an utterance, with the times of its words in the session. */
export function finalOf({ span, index }: { span: LiveSpan; index: number }, channel: number, { text, words, unheard }: Hearing): LiveFinalEvent {
  const timed = words ? shiftWords(words, span.paddedStart) : estimateWords(text, span.voiced);
  const final = { kind: 'final', channel, index, startMs: toMs(span.start), endMs: toMs(span.end), text, words: timed, wordTiming: words ? 'engine' : 'estimated' } as const;
  return unheard ? { ...final, unheard } : final;
}

/** The utterances of a group with what was heard in the whole of it, which began at sample `from`. */
export function refinedFinals(finals: readonly LiveFinalEvent[], spans: readonly LiveSpan[], whole: Hearing, from: number): LiveFinalEvent[] {
  if (whole.unheard) return [...finals];
  if (whole.words) return byTimes(finals, shiftWords(whole.words, from));
  const texts = refinedTexts(finals.map(({ text }) => text), whole.text);
  return finals.map((final, i) => ({ ...final, text: texts[i] ?? '', words: estimateWords(texts[i] ?? '', spans[i]?.voiced ?? []) }));
}

/** Each word goes to the last utterance that has begun by the middle of the word. */
function byTimes(finals: readonly LiveFinalEvent[], words: readonly Word[]): LiveFinalEvent[] {
  const middle = ({ startMs, endMs }: Word) => (startMs + endMs) / 2;
  return finals.map((final, i) => {
    const [from, until] = [i === 0 ? Number.NEGATIVE_INFINITY : final.startMs, finals[i + 1]?.startMs ?? Number.POSITIVE_INFINITY];
    const own = words.filter((word) => middle(word) >= from && middle(word) < until);
    return own.length === 0 ? final : { ...final, text: own.map(({ text }) => text).join(' '), words: own, wordTiming: 'engine' };
  });
}
