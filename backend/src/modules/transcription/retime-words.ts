import type { Word } from '@auscult/contracts';

/**
 * Estimates where the words of a corrected text are spoken. Words that stand at the beginning and at the end of both texts keep
 * their times; what lies between is spread by word length over the time that is left.
 */
export function retimeWords(before: readonly Word[], text: string, startMs: number, endMs: number): Word[] {
  const texts = text.split(/\s+/).filter((word) => word !== '');
  const head = commonLength(before, texts, (words, index) => words[index]);
  const mostTail = Math.min(before.length, texts.length) - head;
  const tail = Math.min(mostTail, commonLength(before, texts, (words, index) => words[words.length - 1 - index]));
  const kept = before.slice(before.length - tail);
  const from = before[head - 1]?.endMs ?? startMs;
  const until = Math.max(from, kept[0]?.startMs ?? endMs);
  const changed = spread(texts.slice(head, texts.length - tail), from, until);
  return [...before.slice(0, head), ...changed, ...kept];
}

function commonLength(
  before: readonly Word[], texts: readonly string[], at: <T>(list: readonly T[], index: number) => T | undefined,
): number {
  let length = 0;
  while (length < before.length && length < texts.length && at(before, length)?.text === at(texts, length)) length += 1;
  return length;
}

/** Each word gets time by its letters, and one more for the pause after it. */
function spread(texts: readonly string[], startMs: number, endMs: number): Word[] {
  const total = texts.reduce((sum, text) => sum + text.length + 1, 0);
  let before = 0;
  return texts.map((text) => {
    const start = startMs + ((endMs - startMs) * before) / total;
    before += text.length + 1;
    const end = startMs + ((endMs - startMs) * (before - 1)) / total;
    return { text, startMs: Math.round(start), endMs: Math.round(end) };
  });
}
