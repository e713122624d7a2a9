// Runs libs/speech's raw engine loop over one file in a fresh process.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const cli = join(import.meta.dirname, 'raw-loop-process.mjs');

/** { seconds, text }: the time of the loop alone, without loading the model or decoding the file. */
export async function rawLoop(path, modelDir) {
  const child = spawn(process.execPath, [cli, path, modelDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (text) => (output += text));
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`The raw loop ended with code ${code}`);
  return JSON.parse(output);
}
