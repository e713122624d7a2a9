import { beforeAll, describe, expect, it } from '@jest/globals';
import { modelPaths } from '../../models/model-registry.js';
import { modelDir } from '../../testing/model-dir.js';
import { MoonshineReference } from '../../testing/moonshine-reference.js';
import { shortSpeech } from '../../testing/samples.js';
import { seconds } from '../../testing/sounds.js';
import { MoonshineRecognizer } from '../moonshine-recognizer.js';
import { tokenLimit } from './moonshine-shape.js';
import { MoonshineVocabulary } from './moonshine-vocabulary.js';
import { type MoonshineWeights, moonshineWeights, readMoonshineWeights } from './moonshine-weights.js';

describe('readMoonshineWeights', () => {
  const paths = modelPaths('base', modelDir());
  let weights: MoonshineWeights;

  beforeAll(async () => {
    weights = await readMoonshineWeights(paths.encoder, paths.decoder);
  });

  it('finds the whole model', () => {
    expect(weights).toMatchObject({ dim: 416, heads: 8, headDim: 52, ffn: 1664 });
    expect([weights.encoder.length, weights.decoder.length, weights.frequencies.length]).toEqual([8, 8, 16]);
    expect(weights.convolutions.map(({ weight }) => [weight.rows, weight.columns])).toEqual([[416, 127], [832, 2912], [416, 2496]]);
    expect(weights.convolutions.map(({ bias }) => bias?.length)).toEqual([undefined, 832, 416]);
    expect([weights.embedding.rows, weights.embedding.columns]).toEqual([32_768, 416]);
    expect([weights.decoder[7]?.up.rows, weights.decoder[7]?.upBias.length, weights.decoder[7]?.down.columns]).toEqual([3328, 3328, 1664]);
  });

  // The engine rounds activations to 8 bits, the reference does not: over long sound a word may differ, in this one none does.
  it('reads them so that the plain reference hears what the engine hears', async () => {
    const engine = await MoonshineRecognizer.load(modelDir(), 'base');
    const samples = (await shortSpeech()).samples.subarray(0, seconds(2.4));
    const { text } = await engine.recognize(samples);
    await engine.close();
    const reference = new MoonshineReference(weights);
    const encoded = reference.encode(samples);
    const tokens = reference.decode(encoded, tokenLimit(encoded.data.length / encoded.width));
    expect(text.split(' ').length).toBeGreaterThan(3);
    expect((await MoonshineVocabulary.read(paths.tokens)).text(tokens)).toBe(text);
    // Ten seconds of one core that has nothing else to do.
  }, 180_000);

  it('says where a graph is not the expected one', () => {
    const empty = { tensors: new Map(), nodes: new Map() };
    expect(() => moonshineWeights(empty, empty)).toThrow('layer_norm.weight');
  });
});
