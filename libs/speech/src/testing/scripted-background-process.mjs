/**
 * Stands in for the process that hears in the background. The first sample of an utterance says what happens: 1 it is heard, 2 the process ends. One
 * that finds a file `broken` in its model's folder ends at its start.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const { dir } = JSON.parse(process.argv[2]);
if (existsSync(join(dir, 'broken'))) process.exit(1);
process.on('disconnect', () => process.exit(0));
process.on('message', ({ id, samples }) => {
  if (samples[0] === 2) process.exit(1);
  process.send({ type: 'heard', id, text: 'word' });
});
process.send({ type: 'ready' });
