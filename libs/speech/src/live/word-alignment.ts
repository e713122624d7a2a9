/** As words are compared: without case and punctuation. */
const plain = (word: string): string => word.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

export const sameWord = (a: string, b: string): boolean => plain(a) === plain(b);

export const wordsOf = (text: string): string[] => text.split(/\s+/).filter((word) => word.length > 0);

/** The fewest word edits between the beginnings of two texts: at(i, j) for the first i words of `from` and the first j of `to`. */
class EditCosts {
  private readonly costs: Uint16Array;

  constructor(
    private readonly from: readonly string[],
    private readonly to: readonly string[],
  ) {
    this.costs = new Uint16Array((from.length + 1) * (to.length + 1));
    const [a, b] = [from.map(plain), to.map(plain)];
    for (let i = 0; i <= a.length; i += 1) {
      for (let j = 0; j <= b.length; j += 1) this.costs[i * (b.length + 1) + j] = this.least(i, j, a[i - 1] === b[j - 1]);
    }
  }

  at(i: number, j: number): number {
    return i < 0 || j < 0 ? Number.POSITIVE_INFINITY : (this.costs[i * (this.to.length + 1) + j] ?? 0);
  }

  /** Whether the cheapest way to (i, j) pairs the last words of both beginnings. */
  pairs(i: number, j: number): boolean {
    const same = sameWord(this.from[i - 1] ?? '', this.to[j - 1] ?? '');
    return i > 0 && j > 0 && this.at(i, j) === this.at(i - 1, j - 1) + (same ? 0 : 1);
  }

  private least(i: number, j: number, same: boolean): number {
    if (i === 0 || j === 0) return i + j;
    return Math.min(this.at(i - 1, j - 1) + (same ? 0 : 1), this.at(i - 1, j) + 1, this.at(i, j - 1) + 1);
  }
}

/** For each word of `to` the index of the word of `from` that it stands for, or null where it stands for none. */
export function alignWords(from: readonly string[], to: readonly string[]): (number | null)[] {
  const costs = new EditCosts(from, to);
  const partners = new Array<number | null>(to.length).fill(null);
  for (let i = from.length, j = to.length; i > 0 && j > 0; ) {
    if (costs.pairs(i, j)) {
      i -= 1;
      j -= 1;
      partners[j] = i;
    } else if (costs.at(i, j) === costs.at(i - 1, j) + 1) i -= 1;
    else j -= 1;
  }
  return partners;
}

/**
 * How many words of `text` say what `beginning` says: where a newer text goes on after an older beginning of it. Of equally good
 * places the one after the same last word, else the one that keeps the number of words.
 */
export function lengthOfBeginning(beginning: readonly string[], text: readonly string[]): number {
  const costs = new EditCosts(beginning, text);
  const count = beginning.length;
  const endsDifferently = (length: number) => (length > 0 && sameWord(text[length - 1] ?? '', beginning[count - 1] ?? '') ? 0 : 1);
  const rank = (length: number) => costs.at(count, length) + endsDifferently(length) / 2 + Math.abs(length - count) / 1e6;
  let best = 0;
  for (let length = 1; length <= text.length; length += 1) if (rank(length) < rank(best)) best = length;
  return best;
}
