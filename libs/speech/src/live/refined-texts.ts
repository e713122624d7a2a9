import { alignWords, wordsOf } from './word-alignment.js';

/**
 * To which of several texts each word belongs that was heard in all of their sound together: where the word went that it stands for, and
 * one that stands for none, to the text of the word before it. Null where the texts have no word at all.
 */
export function ownersOf(texts: readonly string[], words: readonly string[]): number[] | null {
  const owned = texts.flatMap((text, index) => wordsOf(text).map((word) => ({ word, index })));
  if (owned.length === 0) return null;
  const partners = alignWords(owned.map(({ word }) => word), words);
  let owner = owned[partners.find((partner) => partner !== null) ?? 0]?.index ?? 0;
  return partners.map((partner) => {
    if (partner !== null) owner = owned[partner]?.index ?? owner;
    return owner;
  });
}

/**
 * Gives the words of a text that several utterances make together back to each of them. `texts` is what each was heard to say alone.
 * An utterance that would lose all of its words keeps its own.
 */
export function refinedTexts(texts: readonly string[], refined: string): string[] {
  const words = wordsOf(refined);
  const owners = ownersOf(texts, words);
  if (words.length === 0 || !owners) return [...texts];
  const given = texts.map((): string[] => []);
  words.forEach((word, position) => given[owners[position] ?? 0]?.push(word));
  return texts.map((text, index) => given[index]?.join(' ') || text);
}
