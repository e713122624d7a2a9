import { alignWords, wordsOf } from './word-alignment.js';

/**
 * Gives the words of a text that several utterances make together back to each of them. `texts` is what each was heard to say alone.
 * A word goes where the word went that it stands for; one that stands for none, to the word before it. An utterance that would lose
 * all of its words keeps its own.
 */
export function refinedTexts(texts: readonly string[], refined: string): string[] {
  const owners = texts.flatMap((text, index) => wordsOf(text).map((word) => ({ word, index })));
  const words = wordsOf(refined);
  if (words.length === 0 || owners.length === 0) return [...texts];
  const partners = alignWords(owners.map(({ word }) => word), words);
  const given = texts.map((): string[] => []);
  let owner = owners[partners.find((partner) => partner !== null) ?? 0]?.index ?? 0;
  words.forEach((word, position) => {
    const partner = partners[position];
    if (partner !== null && partner !== undefined) owner = owners[partner]?.index ?? owner;
    given[owner]?.push(word);
  });
  return texts.map((text, index) => given[index]?.join(' ') || text);
}
