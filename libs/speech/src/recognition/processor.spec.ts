import { describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { multipliesSignedBytes } from './processor.js';

async function answerTo(cpuinfo: string): Promise<boolean> {
  const dir = await mkdtemp(join(tmpdir(), 'auscult-cpu-'));
  await writeFile(join(dir, 'cpuinfo'), cpuinfo);
  const answer = await multipliesSignedBytes(join(dir, 'cpuinfo'));
  await rm(dir, { recursive: true });
  return answer;
}

describe('multipliesSignedBytes', () => {
  it.each([
    ['a server of 2019 and later', 'flags\t\t: fpu avx2 avx512f avx512_vnni\n', true],
    ['a desktop without AVX-512', 'flags\t\t: fpu avx2 avx_vnni\n', true],
    ['AVX2 alone', 'flags\t\t: fpu avx2\n', false],
    ['AVX-512 of 2017', 'flags\t\t: fpu avx2 avx512f avx512bw avx512vbmi\n', false],
    ['one core that cannot', 'flags\t\t: avx2 avx_vnni\n\nprocessor : 1\nflags\t\t: avx2\n', false],
    ['an ARM machine', 'Features\t: fp asimd asimddp\n', false],
    ['nothing', '', false],
  ])('is right about %s', async (_, cpuinfo, expected) => {
    expect(await answerTo(cpuinfo)).toBe(expected);
  });

  it('says no where the machine does not tell', async () => {
    expect(await multipliesSignedBytes('/nowhere/cpuinfo')).toBe(false);
  });
});
