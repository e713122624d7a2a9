import { access } from 'node:fs/promises';
import { SAMPLE_RATE } from '../audio/opened-audio.js';
import { type ModelName, modelPaths, models } from '../models/model-registry.js';
import { multipliesSignedBytes } from './processor.js';
import { type Recognition, type RecognizeOptions, Recognizer } from './recognizer.js';
import { type OfflineRecognizer, loadSherpaOnnx } from './sherpa-onnx.js';

/** Under 0.1 s the encoder's convolutions have nothing to work on, and nobody says a word in that time. */
const SHORTEST_SAMPLES = SAMPLE_RATE / 10;

/** The engine with these files of a model; takes about half a second. */
export function openMoonshine({ tokens, ...moonshine }: { readonly encoder: string; readonly mergedDecoder: string; readonly tokens: string }): Promise<OfflineRecognizer> {
  return loadSherpaOnnx().OfflineRecognizer.createAsync({
    featConfig: { sampleRate: SAMPLE_RATE, featureDim: 80 },
    modelConfig: { moonshine, tokens, numThreads: 1, provider: 'cpu' },
  });
}

/**
 * Moonshine (English, int8) inside this process by sherpa-onnx. One instance serves any number of calls at once: each
 * decode runs on a thread of libuv's pool with one thread of its own, since threads inside a decode help little (30.6
 * against 36.5 times real time for two decodes side by side).
 */
export class MoonshineRecognizer extends Recognizer {
  override readonly capabilities = { wordTimes: false } as const;
  private readonly inFlight = new Set<Promise<unknown>>();

  private constructor(
    override readonly name: string,
    private engine: OfflineRecognizer | null,
  ) {
    super();
  }

  /** Opens the model that `fetchModel` has put into `dir`. */
  static async load(dir: string, model: ModelName): Promise<MoonshineRecognizer> {
    const paths = modelPaths(model, dir);
    const { fasterDecoder: mergedDecoder, tokens } = paths;
    const encoder = (await multipliesSignedBytes()) ? paths.signedEncoder : paths.encoder;
    // The addon ends the whole process where a file is missing.
    for (const path of [encoder, mergedDecoder, tokens]) await access(path);
    return new MoonshineRecognizer(models[model].engine, await openMoonshine({ encoder, mergedDecoder, tokens }));
  }

  override async recognize(samples: Float32Array, options: RecognizeOptions = {}): Promise<Recognition> {
    options.signal?.throwIfAborted();
    if (!this.engine) throw new Error('The recogniser is closed');
    if (samples.length < SHORTEST_SAMPLES) return { text: '' };
    const stream = this.engine.createStream();
    stream.acceptWaveform({ samples, sampleRate: SAMPLE_RATE });
    const decoding = this.engine.decodeAsync(stream);
    this.inFlight.add(decoding);
    try {
      const { text } = await decoding;
      options.signal?.throwIfAborted();
      return { text: text.replace(/\s+/g, ' ').trim() };
    } finally {
      this.inFlight.delete(decoding);
    }
  }

  override async close(): Promise<void> {
    this.engine = null;
    await Promise.allSettled(this.inFlight);
  }
}
