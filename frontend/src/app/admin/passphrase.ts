/** Without the letters and digits that are mistaken for each other when read aloud or from paper. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
const GROUPS = 4;
const GROUP_LENGTH = 4;

/** A first password to hand over: 16 random letters and digits (79 bits) in groups of four. */
export function firstPassword(): string {
  return Array.from({ length: GROUPS }, () => Array.from({ length: GROUP_LENGTH }, randomLetter).join('')).join('-');
}

/** Each letter equally likely: values past the last whole multiple of the alphabet are drawn again. */
function randomLetter(): string {
  const limit = 256 - (256 % ALPHABET.length);
  const drawn = new Uint8Array(1);
  do crypto.getRandomValues(drawn);
  while ((drawn[0] ?? 0) >= limit);
  return ALPHABET.charAt((drawn[0] ?? 0) % ALPHABET.length);
}
