/** Spellings that mean the same word in a reference book's text and in a recogniser's. */
const SAME: Readonly<Record<string, string>> = {
  mr: 'mister', mrs: 'missus', dr: 'doctor', st: 'saint', ok: 'okay', colour: 'color', honour: 'honor', favour: 'favor',
  neighbour: 'neighbor', neighbourhood: 'neighborhood', grey: 'gray', centre: 'center', theatre: 'theater', realise: 'realize',
  recognise: 'recognize', organise: 'organize', labour: 'labor', harbour: 'harbor', travelled: 'traveled', towards: 'toward',
  afterwards: 'afterward',
};

const SMALL = [
  'zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve', 'thirteen', 'fourteen',
  'fifteen', 'sixteen', 'seventeen', 'eighteen', 'nineteen',
];
const TENS = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];

function numberWords(value: number): string[] {
  const rest = (unit: number) => (value % unit > 0 ? numberWords(value % unit) : []);
  if (value < 20) return [SMALL[value] ?? ''];
  if (value < 100) return [TENS[Math.floor(value / 10)] ?? '', ...rest(10)];
  if (value < 1000) return [...numberWords(Math.floor(value / 100)), 'hundred', ...rest(100)];
  if (value < 1_000_000) return [...numberWords(Math.floor(value / 1000)), 'thousand', ...rest(1000)];
  return String(value).split('').flatMap((digit) => numberWords(Number(digit)));
}

/**
 * Words as they are compared: lower case, without accents and punctuation (an apostrophe inside a word is dropped, a hyphen
 * parts words), whole numbers spoken out, a few spellings made equal. A joined compound counts as an error.
 */
export function normalizeWords(text: string): string[] {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const words = plain.replace(/(\d),(?=\d{3})/g, '$1').replace(/['\u2019]/g, '').match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.flatMap((word) => (/^\d+$/.test(word) ? numberWords(Number(word)) : [SAME[word] ?? word]));
}

export interface WordErrors {
  /** Substitutions, deletions and insertions over the reference's words: 0.084 is 8.4 %. Above 1 is possible. */
  readonly rate: number;
  readonly errors: number;
  readonly referenceWords: number;
  readonly hypothesisWords: number;
}

/** Compares two texts by the least number of word edits (Levenshtein). An empty reference gives a rate of the words invented. */
export function wordErrorRate(reference: string, hypothesis: string): WordErrors {
  const expected = normalizeWords(reference);
  const heard = normalizeWords(hypothesis);
  const errors = distance(expected, heard);
  return { rate: errors / Math.max(1, expected.length), errors, referenceWords: expected.length, hypothesisWords: heard.length };
}

/** Two rows instead of the whole table: an hour against an hour is 10,000 by 10,000 words. */
function distance(expected: readonly string[], heard: readonly string[]): number {
  let previous = Uint32Array.from({ length: heard.length + 1 }, (_, column) => column);
  for (let row = 1; row <= expected.length; row += 1) {
    const current = new Uint32Array(heard.length + 1);
    current[0] = row;
    for (let column = 1; column <= heard.length; column += 1) {
      const changed = (previous[column - 1] ?? 0) + (expected[row - 1] === heard[column - 1] ? 0 : 1);
      current[column] = Math.min(changed, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1);
    }
    previous = current;
  }
  return previous[heard.length] ?? 0;
}
