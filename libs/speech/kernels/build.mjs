/**
 * Compiles the kernels to PTX, which every NVIDIA driver turns into machine code for the card it finds. Needed only after a change of
 * moonshine.cu: node libs/speech/kernels/build.mjs [nvcc]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCE = fileURLToPath(new URL('moonshine.cu', import.meta.url));
const TARGET = fileURLToPath(new URL('moonshine.ptx', import.meta.url));
/** The oldest card that today's compiler knows, and the oldest PTX that has all that the kernels need. */
const ARCHITECTURE = 'compute_75';
const PTX_VERSION = '6.4';

/** The compiler writes the newest PTX version, which older drivers refuse, whatever is in the text. */
export function compileKernels(nvcc = 'nvcc') {
  const folder = mkdtempSync(join(tmpdir(), 'auscult-ptx-'));
  try {
    const output = join(folder, 'moonshine.ptx');
    execFileSync(nvcc, ['-ptx', `-arch=${ARCHITECTURE}`, '-O3', '-o', output, SOURCE], { stdio: ['ignore', 'ignore', 'pipe'] });
    return readFileSync(output, 'latin1').replace(/^\.version .*$/m, `.version ${PTX_VERSION}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(TARGET, compileKernels(process.argv[2]), 'latin1');
