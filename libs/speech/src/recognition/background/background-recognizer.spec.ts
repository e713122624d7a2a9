import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, readdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { modelDir } from '../../testing/model-dir.js';
import { shortSpeech } from '../../testing/samples.js';
import { MoonshineRecognizer } from '../moonshine-recognizer.js';
import { describeRecognizer } from '../recognizer.contract.js';
import { BackgroundFailedError, BackgroundRecognizer } from './background-recognizer.js';

/** Hardly gives way: what these specs share the machine with is not the point. */
const load = () => BackgroundRecognizer.load(modelDir(), 'base', 2, 1);

describeRecognizer('BackgroundRecognizer', { create: load, speech: async () => (await shortSpeech()).samples });

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** A process that has a recogniser in the background and works on; tells that one's process. */
const parent = `
  const { BackgroundRecognizer } = await import(${JSON.stringify(new URL('../../../dist/index.js', import.meta.url))});
  const recognizer = await BackgroundRecognizer.load(${JSON.stringify(modelDir())}, 'base', 1);
  process.stdout.write(String(recognizer.pid));
  for (;;) await recognizer.recognize(Float32Array.from({ length: 480_000 }, Math.random));
`;

/** Of every thread, as the kernel has it. */
async function priorities(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`);
  const stats = await Promise.all(threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/stat`, 'utf8')));
  return stats.map((stat) => Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]));
}

describe('BackgroundRecognizer', () => {
  it('says what the recogniser of the foreground says', async () => {
    const { samples } = await shortSpeech();
    const [background, foreground] = await Promise.all([load(), MoonshineRecognizer.load(modelDir(), 'base')]);
    expect(await background.recognize(samples)).toEqual(await foreground.recognize(samples));
    expect(background.name).toBe(foreground.name);
    await Promise.all([background.close(), foreground.close()]);
  });

  it('gives way with every thread, those that decode among them', async () => {
    const recognizer = await BackgroundRecognizer.load(modelDir(), 'base', 2);
    await recognizer.recognize((await shortSpeech()).samples.subarray(0, 16_000));
    expect(new Set(await priorities(recognizer.pid ?? 0))).toEqual(new Set([15]));
    await recognizer.close();
  });

  it('fails with its process, then starts another one', async () => {
    const recognizer = await load();
    const { samples } = await shortSpeech();
    const [first, failing] = [recognizer.pid ?? 0, recognizer.recognize(samples)];
    process.kill(first, 'SIGKILL');
    await expect(failing).rejects.toThrow(BackgroundFailedError);
    expect((await recognizer.recognize(samples)).text).not.toBe('');
    expect(recognizer.pid).not.toBe(first);
    await recognizer.close();
  });

  it('takes its process along when it closes', async () => {
    const recognizer = await load();
    const pid = recognizer.pid ?? 0;
    await recognizer.close();
    expect(isAlive(pid)).toBe(false);
  });

  it('ends with the process that uses it, even where that one is killed in the middle of a decode', async () => {
    const user = spawn(process.execPath, ['--input-type=module', '--eval', parent], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [pid] = (await once(user.stdout, 'data')) as [Buffer];
    user.kill('SIGKILL');
    while (isAlive(Number(pid))) await delay(5);
  });

  it('rejects where the model is missing', async () => {
    await expect(BackgroundRecognizer.load('/nowhere', 'base', 1)).rejects.toThrow(BackgroundFailedError);
  });
});
