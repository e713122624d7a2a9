/** Spellings that the references (books of the 19th century, written out) and a modern recogniser write differently. */
const SAME_WORDS: Readonly<Record<string, string>> = {
  mr: 'mister', mrs: 'missus', dr: 'doctor', st: 'saint', ok: 'okay',
  '0': 'zero', '1': 'one', '2': 'two', '3': 'three', '4': 'four', '5': 'five',
  '6': 'six', '7': 'seven', '8': 'eight', '9': 'nine', '10': 'ten', '11': 'eleven', '12': 'twelve',
};

/**
 * Words as they are compared: lower case, no punctuation but the apostrophe inside a word, hyphens split, titles and the
 * numbers up to twelve written out. Nothing else is forgiven: British spelling or a joined compound counts as an error.
 */
export function comparableWords(text: string): string[] {
  const words = text
    .toLowerCase()
    .replaceAll('\u2019', "'")
    .replace(/[^\p{L}\p{N}']+/gu, ' ')
    .split(' ')
    .map((word) => word.replace(/^'+|'+$/g, ''));
  return words.filter((word) => word !== '').map((word) => SAME_WORDS[word] ?? word);
}

/**
 * Word error rate: (substitutions + deletions + insertions) / words of the reference, by Levenshtein distance over words.
 * 0 is perfect; above 1 is possible. An empty reference gives the number of words that were invented.
 */
export function wordErrorRate(reference: string, hypothesis: string): number {
  const spoken = comparableWords(reference);
  const written = comparableWords(hypothesis);
  return distance(spoken, written) / Math.max(1, spoken.length);
}

/** Two rows instead of the whole table: an hour against an hour is 10,000 by 10,000 words. */
function distance(from: readonly string[], to: readonly string[]): number {
  let previous = Uint32Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const current = new Uint32Array(to.length + 1);
    current[0] = row;
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      current[column] = Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1);
    }
    previous = current;
  }
  return previous[to.length] ?? 0;
}
