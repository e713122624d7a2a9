import { beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MoonshineVocabulary } from './moonshine-vocabulary.js';

describe('MoonshineVocabulary', () => {
  let vocabulary: MoonshineVocabulary;

  beforeAll(async () => {
    const path = join(await mkdtemp(join(tmpdir(), 'auscult-tokens-')), 'tokens.txt');
    const pieces: [Buffer, number][] = [
      [Buffer.from(' pro'), 0], [Buffer.from('teg'), 1], [Buffer.from([0xc3]), 2], [Buffer.from([0xa9]), 3], [Buffer.from('\n'), 4], [Buffer.from('<<ST_0>>'), 32_000],
    ];
    await writeFile(path, `${pieces.map(([bytes, id]) => `${bytes.toString('base64')}\t${id}`).join('\n')}\n`);
    vocabulary = await MoonshineVocabulary.read(path);
  });

  it('joins pieces and bytes into one trimmed line', () => {
    expect(vocabulary.text([0, 1, 2, 3, 4, 0])).toBe('protegé pro');
  });

  it('leaves out special tokens and those it does not know', () => {
    expect(vocabulary.text([0, 32_000, 99])).toBe('pro');
  });
});
