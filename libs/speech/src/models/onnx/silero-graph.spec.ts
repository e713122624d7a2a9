import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { loadSherpaOnnx } from '../../recognition/sherpa-onnx.js';
import { modelDir } from '../../testing/model-dir.js';
import { decodeFile } from '../../testing/samples.js';
import { sample } from '../../testing/sounds.js';
import { modelPaths, models } from '../model-registry.js';
import { directSileroDetector, sileroWeights } from './silero-graph.js';

const paths = modelPaths('base', modelDir());
const WINDOW = 512;

/** Beginnings and lengths of what the engine takes for speech, with this file. */
function spansBy(model: string, sound: Float32Array): number[][] {
  const { Vad } = loadSherpaOnnx();
  const sileroVad = { model, windowSize: WINDOW, threshold: 0.3, minSilenceDuration: 0.25, minSpeechDuration: 0.1, maxSpeechDuration: 20 };
  const vad = new Vad({ sileroVad, sampleRate: 16_000, numThreads: 1, provider: 'cpu' }, 60);
  const spans: number[][] = [];
  for (let at = 0; at + WINDOW <= sound.length; at += WINDOW) {
    vad.acceptWaveform(sound.subarray(at, at + WINDOW));
    for (; !vad.isEmpty(); vad.pop()) {
      const { start, samples } = vad.front(false);
      spans.push([start, samples.length]);
    }
  }
  return spans;
}

describe('the graph of the voice detector', () => {
  it('is made the same every time', async () => {
    const made = directSileroDetector(await readFile(paths.voiceDetector));
    const expected = models.tiny.made.find(({ path }) => path.endsWith('direct.onnx'))?.sha256;
    expect(createHash('sha256').update(made).digest('hex')).toBe(expected);
  });

  it('gives its weights to clients the same every time', async () => {
    const weights = sileroWeights(await readFile(paths.voiceDetector));
    const expected = models.base.made.find(({ path }) => path === 'voice-detector.bin')?.sha256;
    expect(createHash('sha256').update(weights).digest('hex')).toBe(expected);
  });

  it('refuses what is no model', () => {
    expect(() => directSileroDetector(new TextEncoder().encode('not a model'))).toThrow(RangeError);
    expect(() => sileroWeights(new TextEncoder().encode('not a model'))).toThrow(RangeError);
  });

  it('finds the same speech as the model that was fetched', async () => {
    const [sound = new Float32Array(0)] = await decodeFile(sample('conversation.ogg'));
    const fetched = spansBy(paths.voiceDetector, sound);
    expect(fetched.length).toBeGreaterThan(5);
    expect(spansBy(paths.directVoiceDetector, sound)).toEqual(fetched);
  });
});
