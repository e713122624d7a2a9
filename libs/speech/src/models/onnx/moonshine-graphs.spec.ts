import { beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { openMoonshine } from '../../recognition/moonshine-recognizer.js';
import { multipliesSignedBytes } from '../../recognition/processor.js';
import { modelDir } from '../../testing/model-dir.js';
import { decodeFile } from '../../testing/samples.js';
import { sample } from '../../testing/sounds.js';
import { modelPaths, models } from '../model-registry.js';
import { fasterMoonshineDecoder, signedMoonshineEncoder } from './moonshine-graphs.js';

const paths = modelPaths('base', modelDir());
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const madeAs = (end: string) => models.base.made.find(({ path }) => path.endsWith(end))?.sha256;

/** What the engine hears in pieces of sound, with these files. */
async function textsBy(encoder: string, mergedDecoder: string, pieces: readonly Float32Array[]): Promise<string[]> {
  const engine = await openMoonshine({ encoder, mergedDecoder, tokens: paths.tokens });
  const texts: string[] = [];
  for (const samples of pieces) {
    const stream = engine.createStream();
    stream.acceptWaveform({ samples, sampleRate: 16_000 });
    texts.push((await engine.decodeAsync(stream)).text);
  }
  return texts;
}

describe('the graphs of Moonshine', () => {
  it('are made the same every time', async () => {
    expect(sha256(fasterMoonshineDecoder(await readFile(paths.decoder)))).toBe(madeAs('decoder-faster.onnx'));
    expect(sha256(signedMoonshineEncoder(await readFile(paths.encoder)))).toBe(madeAs('encoder-signed.onnx'));
  });

  it('refuse what is no model', () => {
    expect(() => fasterMoonshineDecoder(new TextEncoder().encode('not a model'))).toThrow(RangeError);
  });

  describe('as the engine runs them', () => {
    let pieces: Float32Array[];
    let fetched: string[];

    beforeAll(async () => {
      const [samples = new Float32Array(0)] = await decodeFile(sample('conversation.ogg'));
      pieces = Array.from({ length: 4 }, (_, i) => samples.slice(i * 8 * 16_000, (i + 1) * 8 * 16_000));
      fetched = await textsBy(paths.encoder, paths.decoder, pieces);
    });

    it('say the same words as those that were fetched', async () => {
      expect(fetched.join(' ').split(' ').length).toBeGreaterThan(40);
      expect(await textsBy(paths.encoder, paths.fasterDecoder, pieces)).toEqual(fetched);
    });

    it('say the same words with signed weights, where the processor can multiply them', async () => {
      // Elsewhere the fetched encoder is used, and that is what this compares.
      const encoder = (await multipliesSignedBytes()) ? paths.signedEncoder : paths.encoder;
      expect(await textsBy(encoder, paths.fasterDecoder, pieces)).toEqual(fetched);
    });
  });
});
