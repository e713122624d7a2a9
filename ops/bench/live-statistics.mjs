// Figures from what was measured, and the search for the largest number of sessions.

/** The value that the share `part` (0 to 1) of `values` does not exceed; null for none. */
export function percentile(values, part) {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(part * sorted.length) - 1))];
}

/** { count, p50, p95 } of milliseconds. */
export const figuresOf = (values) => ({ count: values.length, p50: percentile(values, 0.5), p95: percentile(values, 0.95) });

/**
 * The largest count from 1 to `limit` that is `fits(count)`: doubles from the largest one known to fit until one does not, then halves the
 * distance until it is at most a sixteenth. `known` are counts that were asked already. 0 when not even one fits. `fits` is asked once a count.
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
  while (bad - good > Math.max(1, Math.floor(good / 16))) {
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

/** The silence that ends an utterance; see docs/decisions/009-live-endpointing-and-refinement.md. */
export const END_SILENCE_MS = 500;

/**
 * In a round of so many seconds, utterances count that were over, silence included, in so many ms from its beginning: while all speak. What the end of the round cuts off
 * is cut off in every session at once, as nobody speaks.
 */
export const countedMs = (seconds) => seconds * 1000 - END_SILENCE_MS;

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
