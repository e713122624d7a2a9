import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

const folder = new URL('../../../kernels/', import.meta.url);
const sources = readdirSync(folder).filter((name) => /\.cuh?$/.test(name));
const file = (name: string) => readFileSync(new URL(name, folder), 'latin1');

/** The compiler's release as it says it and as it writes it above its output; null where there is none. */
function compilerRelease(): string | null {
  const { stdout, error } = spawnSync('nvcc', ['--version'], { encoding: 'latin1' });
  return error ? null : (/release [\d.]+, V[\d.]+/.exec(stdout)?.[0] ?? null);
}

describe('moonshine.ptx', () => {
  const ptx = file('moonshine.ptx');
  const release = compilerRelease();
  const same = release !== null && ptx.includes(release);

  it('has every kernel of the source, for old drivers and cards too', () => {
    const kernels = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, name]) => name).sort();
    const named = kernels(sources.map(file).join('\n'), /__global__ void (?:__launch_bounds__\(\d+\) )?(\w+)\(/g);
    expect(named.length).toBeGreaterThan(10);
    expect(kernels(ptx, /\.visible \.entry (\w+)\(/g)).toEqual(named);
    expect(ptx).toMatch(/^\.version 6\.4\n\.target sm_75$/m);
  });

  (same ? it : it.skip)(`is what the compiler makes of the source${same ? '' : ': skipped, that nvcc is not here'}`, async () => {
    const { compileKernels } = (await import('../../../kernels/build.mjs')) as { compileKernels(): string };
    expect(compileKernels()).toBe(ptx);
  });
});
