import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { noise, seconds, silence } from '../testing/sounds.js';
import type { Recognizer } from './recognizer.js';

export interface RecognizerContract {
  create(): Promise<Recognizer>;
  /** Sound with words in it, under 30 s. */
  speech(): Promise<Float32Array>;
}

/** What every engine does; transcription relies on it. */
export function describeRecognizer(name: string, { create, speech }: RecognizerContract): void {
  describe(`${name} as a recogniser`, () => {
    let recognizer: Recognizer;
    let samples: Float32Array;

    beforeAll(async () => {
      recognizer = await create();
      samples = await speech();
    });
    afterAll(() => recognizer.close());

    it('has a name fit for keeping', () => {
      expect(recognizer.name).toMatch(/^[a-z0-9]+(-[a-z0-9.]+)*$/);
    });

    it('hears words and writes them on one trimmed line', async () => {
      const { text } = await recognizer.recognize(samples);
      expect(text.split(' ').length).toBeGreaterThan(3);
      expect(text).toBe(text.replace(/\s+/g, ' ').trim());
    });

    it('gives word times exactly where it says it can', async () => {
      const { words } = await recognizer.recognize(samples);
      expect(words !== undefined).toBe(recognizer.capabilities.wordTimes);
      let reached = 0;
      for (const word of words ?? []) {
        expect(word.startMs).toBeGreaterThanOrEqual(reached);
        expect(word.endMs).toBeGreaterThanOrEqual(word.startMs);
        reached = word.startMs;
      }
    });

    it('gives the same text every time, alone or side by side', async () => {
      const texts = await Promise.all([samples, samples, samples].map(async (each) => (await recognizer.recognize(each)).text));
      expect(new Set(texts).size).toBe(1);
      expect((await recognizer.recognize(samples)).text).toBe(texts[0]);
    });

    it('leaves the samples as they were', async () => {
      const copy = samples.slice();
      await recognizer.recognize(samples);
      expect(samples.every((sample, i) => sample === copy[i])).toBe(true);
    });

    it.each([0, 1, 100, seconds(0.05)])('answers nothing to %d samples', async (length) => {
      expect((await recognizer.recognize(noise(length, 0.1))).text).toBe('');
    });

    it('takes 30 s in one go', async () => {
      await expect(recognizer.recognize(silence(seconds(30)))).resolves.toHaveProperty('text');
    });

    it('rejects with the reason of an aborted signal, before and during work', async () => {
      const reason = new Error('cancelled by the clinician');
      await expect(recognizer.recognize(samples, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
      const controller = new AbortController();
      const recognizing = recognizer.recognize(samples, { signal: controller.signal });
      controller.abort(reason);
      await expect(recognizing).rejects.toBe(reason);
    });

    it('finishes what is in flight when it closes, and takes no more', async () => {
      const closing = await create();
      const inFlight = closing.recognize(samples);
      await closing.close();
      await expect(inFlight).resolves.toHaveProperty('text');
      await expect(closing.recognize(samples)).rejects.toThrow('closed');
      await expect(closing.close()).resolves.toBeUndefined();
    });
  });
}
