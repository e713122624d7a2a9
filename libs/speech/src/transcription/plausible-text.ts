/** Speech is under 8 tokens or 5 words per second; fast readers reach about 25 characters. */
const MOST_CHARACTERS_PER_SECOND = 32;
/** Very short sounds hold short words: this many characters are always believed. */
const FREE_CHARACTERS = 12;
const LONGEST_GRAM = 12;

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? [];

/** How often a group of words must follow itself to be a loop; people do say "no, no, no, no". */
const repeatsOfLoop = (gramLength: number): number => (gramLength === 1 ? 6 : gramLength <= 3 ? 4 : 3);

function repeatsFrom(words: readonly string[], start: number, length: number): number {
  let repeats = 1;
  for (let next = start + length; next + length <= words.length; next += length) {
    for (let i = 0; i < length; i += 1) if (words[next + i] !== words[start + i]) return repeats;
    repeats += 1;
  }
  return repeats;
}

/** Whether some group of words follows itself again and again, as a decoder does that has lost the sound. */
export function hasLoop(text: string): boolean {
  const words = wordsOf(text);
  for (let length = 1; length <= LONGEST_GRAM; length += 1) {
    const needed = repeatsOfLoop(length);
    for (let start = 0; start + length * needed <= words.length; start += 1) {
      if (repeatsFrom(words, start, length) >= needed) return true;
    }
  }
  return false;
}

/** Whether so much text can have been said in so many seconds of voice. */
export function fitsTime(text: string, voicedSeconds: number): boolean {
  return text.length <= FREE_CHARACTERS + voicedSeconds * MOST_CHARACTERS_PER_SECOND;
}
