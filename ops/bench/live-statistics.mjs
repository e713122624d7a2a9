// Figures from what a watcher saw, and the search for the largest number of sessions.

/** The value that the share `part` (0 to 1) of `values` does not exceed; null for none. */
export function percentile(values, part) {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(part * sorted.length) - 1))];
}

/** { count, p50, p95 } of milliseconds. */
export const figuresOf = (values) => ({ count: values.length, p50: percentile(values, 0.5), p95: percentile(values, 0.95) });

const wordsOf = (text) => text.toLowerCase().split(/\s+/).map((word) => word.replace(/[^\p{L}\p{N}']/gu, '')).filter((word) => word.length > 0);

/** A hypothesis belongs to the final that it became: same channel, and it began while that was said. */
const belongs = (partial, segment) => partial.startMs > segment.startMs - PARTIAL_EARLY_MS && partial.startMs < segment.endMs;
const PARTIAL_EARLY_MS = 500;
/** A word counts as shown where a hypothesis has it at its place or up to so many words beside it. */
const PLACES = 2;

function firstSight(word, place, hypotheses) {
  return hypotheses.find(({ words }) => {
    for (let at = Math.max(0, place - PLACES); at <= place + PLACES; at += 1) if (words[at] === word) return true;
    return false;
  })?.atMs;
}

/**
 * Milliseconds that a watcher waited. `seen` is { finals: [{ atMs, segment }], partials: [{ atMs, startMs, text }] } of one session and one
 * channel with arrival times since its first sample was spoken; `segment` is the first form of each final. `final`: from the end of
 * an utterance (endMs). `word`: from the end of each word, whose time is estimated, to the first partial or final that shows it.
 */
export function waitsOf(seen) {
  const waits = { final: [], word: [] };
  for (const { atMs, segment } of seen.finals) {
    waits.final.push(atMs - segment.endMs);
    const hypotheses = seen.partials
      .filter((partial) => partial.atMs < atMs && belongs(partial, segment))
      .map((partial) => ({ atMs: partial.atMs, words: wordsOf(partial.text) }));
    const said = segment.words.flatMap((word) => wordsOf(word.text).slice(0, 1).map((text) => ({ text, endMs: word.endMs })));
    said.forEach(({ text, endMs }, place) => waits.word.push((firstSight(text, place, hypotheses) ?? atMs) - endMs));
  }
  return waits;
}

/**
 * The largest count from 1 to `limit` that is `fits(count)`: doubles from the largest one known to fit until one does not, then halves the
 * distance until it is at most an eighth. `known` are counts that were asked already. 0 when not even one fits. `fits` is asked once a count.
 */
export async function largestThatFits(fits, { limit, known = [] }) {
  const ask = remembering(fits);
  let [good, bad] = [0, limit + 1];
  for (const count of known.filter((each) => each <= limit).sort((a, b) => a - b)) {
    if (await ask(count)) good = count;
    else {
      bad = count;
      break;
    }
  }
  while (bad - good > Math.max(1, Math.floor(good / 8))) {
    const next = bad > limit ? Math.min(limit, Math.max(1, good * 2)) : Math.floor((good + bad) / 2);
    if (await ask(next)) good = next;
    else bad = next;
    if (good === limit) break;
  }
  return good;
}

function remembering(fits) {
  const answers = new Map();
  return async (count) => {
    if (!answers.has(count)) answers.set(count, await fits(count));
    return answers.get(count);
  };
}

/** All orders of one model together. */
export function together(rows) {
  const sum = (name) => rows.reduce((total, row) => total + row[name], 0);
  return { model: rows[0].model, order: 'all', words: sum('words'), liveErrors: sum('liveErrors'), batchErrors: sum('batchErrors') };
}

/** The sum over all labels of one metric in Prometheus' text format; 0 for a metric that is not there. */
export function sumOf(text, name) {
  const lines = text.split('\n').filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`));
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
