// What the engine holds alone: rounds of libs/speech's liveLoop, each in a fresh process.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { NODE_OPTIONS } from '../launcher/node-options.mjs';

const cli = join(import.meta.dirname, 'live-bare-process.mjs');

/** One round of `sessions` at once; figures as those of the product. */
export async function bareRound({ model, modelDir, sessions, seconds }) {
  const child = spawn(process.execPath, [...NODE_OPTIONS.live, cli, JSON.stringify({ model, modelDir, sessions, seconds })], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (text) => (output += text));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`The bare loop ended with code ${code}`);
  return { model, sessions, ...JSON.parse(output) };
}
