import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { modelDir } from '../../testing/model-dir.js';
import { shortSpeech } from '../../testing/samples.js';
import { MoonshineRecognizer } from '../moonshine-recognizer.js';
import { describeRecognizer } from '../recognizer.contract.js';
import { BackgroundFailedError, type BackgroundOptions, BackgroundRecognizer } from './background-recognizer.js';

/** Hardly gives way: what these specs share the machine with is not the point. */
const load = () => BackgroundRecognizer.load(modelDir(), 'base', 2, { nice: 1 });

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

describe('BackgroundRecognizer whose process fails', () => {
  const entry = new URL('../../testing/scripted-background-process.mjs', import.meta.url);
  const utterance = (first: number) => new Float32Array(16_000).fill(first);
  let dir: string;
  let recognizer: BackgroundRecognizer | undefined;
  const load = async (options: Partial<BackgroundOptions> = {}) => (recognizer = await BackgroundRecognizer.load(dir, 'base', 2, { entry, ...options }));
  const failure = (of: BackgroundRecognizer) => expect(of.recognize(utterance(2))).rejects.toThrow(BackgroundFailedError);

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'auscult-background-'));
  });

  afterEach(async () => {
    await recognizer?.close();
    await rm(dir, { recursive: true });
  });

  it('is unusable after three in a row that never answered, and starts no further one', async () => {
    const recognizer = await load();
    await recognizer.recognize(utterance(1));
    await failure(recognizer);
    await writeFile(join(dir, 'broken'), '');
    for (const fruitless of [1, 2, 3]) {
      expect([fruitless, recognizer.unusable]).toEqual([fruitless, null]);
      await failure(recognizer);
    }
    const { pid } = recognizer;
    expect(recognizer.unusable).toBeInstanceOf(BackgroundFailedError);
    await failure(recognizer);
    expect(recognizer.pid).toBe(pid);
  });

  it('stays usable where each answers something before it ends', async () => {
    const recognizer = await load();
    for (let ended = 0; ended < 5; ended += 1) {
      await recognizer.recognize(utterance(1));
      await failure(recognizer);
    }
    expect(recognizer.unusable).toBeNull();
  });

  it('fails where the system has no process to give', async () => {
    await expect(load({ entry: new URL('data:none') })).rejects.toThrow(BackgroundFailedError);
  });

  it('rejects when it gives no answer, however often it is asked, and starts another one', async () => {
    const recognizer = await load({ patienceMs: 1000 });
    process.kill(recognizer.pid ?? 0, 'SIGSTOP');
    const askingFrom = performance.now();
    const first = expect(recognizer.recognize(utterance(1))).rejects.toThrow('it does not answer');
    await delay(700);
    const second = expect(recognizer.recognize(utterance(1))).rejects.toThrow('it does not answer');
    await Promise.all([first, second]);
    expect(performance.now() - askingFrom).toBeLessThan(1600);
    expect(await recognizer.recognize(utterance(1))).toEqual({ text: 'word' });
  });

  it('waits as long as it likes while nothing is asked', async () => {
    const recognizer = await load({ patienceMs: 500 });
    await recognizer.recognize(utterance(1));
    const { pid } = recognizer;
    await delay(700);
    await recognizer.recognize(utterance(1));
    expect(recognizer.pid).toBe(pid);
  });

  it('closes although it hangs', async () => {
    const recognizer = await load({ closePatienceMs: 100 });
    const pid = recognizer.pid ?? 0;
    process.kill(pid, 'SIGSTOP');
    const hearing = expect(recognizer.recognize(utterance(1))).rejects.toThrow('it does not end');
    await recognizer.close();
    await hearing;
    while (isAlive(pid)) await delay(5);
  });
});
