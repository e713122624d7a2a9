import { lengthOfBeginning, sameWord, wordsOf } from './word-alignment.js';

/** A word is firm when so many hypotheses in a row have agreed on it and on all before it... */
const AGREEING = 3;
/** ...and it is not among the last words, which change with the sound that follows. */
const HELD_BACK = 1;

export interface StableText {
  readonly firm: string;
  readonly tentative: string;
}

/** Makes one text out of the hypotheses about a growing utterance: words that became firm stay as they are. */
export class HypothesisStabilizer {
  private firm: string[] = [];
  private recent: string[][] = [];

  add(hypothesis: string): StableText {
    const words = wordsOf(hypothesis);
    this.recent = [...this.recent, words].slice(-AGREEING);
    const agreed = this.recent.length < AGREEING ? 0 : this.agreedLength(words);
    const known = lengthOfBeginning(this.firm, words);
    this.firm.push(...words.slice(known, agreed));
    return { firm: this.firm.join(' '), tentative: words.slice(Math.max(known, agreed)).join(' ') };
  }

  private agreedLength(words: readonly string[]): number {
    return Math.max(0, Math.min(...this.recent.map((each) => commonLength(each, words)), words.length - HELD_BACK));
  }
}

function commonLength(a: readonly string[], b: readonly string[]): number {
  const differs = a.findIndex((word, i) => i >= b.length || !sameWord(word, b[i] ?? ''));
  return differs < 0 ? a.length : differs;
}
