import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The bundled conversation again and again, mixed to one channel, until it is `seconds` long: a WAV file in memory. */
export function longSession(samples: string, seconds: number): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'auscult-session-'));
  const path = join(folder, 'session.wav');
  // The benchmarks' own writer is plain JavaScript on the built speech library: run it as a script, not inside the test's transform.
  const script = `
    const { loadSample } = await import(${JSON.stringify(join(import.meta.dirname, '../../ops/bench/corpus.mjs'))});
    const { writeSpeech } = await import(${JSON.stringify(join(import.meta.dirname, '../../ops/bench/wav.mjs'))});
    await writeSpeech(${JSON.stringify(path)}, await loadSample(${JSON.stringify(samples)}), ${seconds});
    process.exit(0);`;
  try {
    const made = spawnSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' });
    if (made.status !== 0) throw new Error(`The long session could not be made: ${made.stderr}`);
    return readFileSync(path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
