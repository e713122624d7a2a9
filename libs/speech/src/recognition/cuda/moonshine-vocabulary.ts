import { readFile } from 'node:fs/promises';

/** Pieces from here on are special ones and never printed. */
const SPECIAL_FROM = 32_000;

/** Turns token numbers into text by the same file that the CPU engine reads. */
export class MoonshineVocabulary {
  private constructor(private readonly pieces: readonly Buffer[]) {}

  /** Lines of `BASE64(bytes of the piece)<TAB>id`. */
  static async read(path: string): Promise<MoonshineVocabulary> {
    const pieces: Buffer[] = [];
    for (const line of (await readFile(path, 'utf8')).split('\n')) {
      const [bytes, id] = line.split('\t');
      if (bytes !== undefined && id !== undefined) pieces[Number(id)] = Buffer.from(bytes, 'base64');
    }
    return new MoonshineVocabulary(pieces);
  }

  /** One trimmed line. Letters outside the vocabulary come as several tokens of one byte each. */
  text(tokens: Iterable<number>): string {
    const bytes: Buffer[] = [];
    for (const token of tokens) {
      const piece = token < SPECIAL_FROM ? this.pieces[token] : undefined;
      if (piece) bytes.push(piece);
    }
    return Buffer.concat(bytes).toString('utf8').replace(/\s+/g, ' ').trim();
  }
}
