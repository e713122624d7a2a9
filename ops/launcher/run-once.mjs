import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { root } from './paths.mjs';
import { Refusal } from './refusal.mjs';

/** Runs a Node script of the backend to its end (migrations, demo accounts); resolves to what it wrote on stdout. */
export function runOnce({ what, script, environment, logFile, abort }) {
  const child = spawn(process.execPath, [script], { cwd: root, env: environment, stdio: ['ignore', 'pipe', 'pipe'], signal: abort });
  let [output, complaint] = ['', ''];
  child.stdout.on('data', (text) => (output += text));
  child.stderr.on('data', (text) => (complaint += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) return resolve(output);
      // stdout of the demo accounts holds passwords, but only when they were made: a failure printed none.
      appendFileSync(logFile, `${complaint}${output}`);
      const said = (complaint.trim() || output.trim()).split('\n').filter((line) => !/^\s+at /.test(line)).at(-1);
      return reject(new Refusal(`${what} failed: ${(said ?? `exit code ${code}`).slice(0, 300)} (${logFile})`));
    });
  });
}
