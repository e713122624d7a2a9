import { describe, expect, it } from '@jest/globals';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { wordErrorRate } from '../bench/word-error-rate.js';
import { noise, pinkNoise, seconds, silence, tone } from '../testing/sounds.js';
import { modelDir } from '../testing/model-dir.js';
import { shortSpeech } from '../testing/samples.js';
import { MoonshineRecognizer } from './moonshine-recognizer.js';
import { describeRecognizer } from './recognizer.contract.js';

const create = () => MoonshineRecognizer.load(modelDir(), 'base');

describeRecognizer('MoonshineRecognizer', { create, speech: async () => (await shortSpeech()).samples });

describe('MoonshineRecognizer', () => {
  it('knows the words of the bundled sample', async () => {
    const recognizer = await create();
    const { samples, words } = await shortSpeech();
    const { text } = await recognizer.recognize(samples);
    expect(wordErrorRate(words, text).rate).toBeLessThan(0.1);
    expect(text).toMatch(/^[A-Z].*[a-z.?!]$/);
    await recognizer.close();
  });

  it.each([
    ['silence', silence(seconds(8))],
    ['white noise', noise(seconds(8), 0.05)],
    ['pink noise', pinkNoise(seconds(8), 0.2)],
    ['a tone', tone(seconds(8), 440)],
  ])('hears no words in %s', async (_, samples) => {
    const recognizer = await create();
    expect((await recognizer.recognize(samples)).text).toBe('');
    await recognizer.close();
  });

  it('rejects where the model is missing instead of ending the process', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'auscult-no-model-'));
    await expect(MoonshineRecognizer.load(empty, 'base')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
