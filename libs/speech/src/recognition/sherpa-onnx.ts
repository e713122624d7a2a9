import { createRequire } from 'node:module';

/** The part of `sherpa-onnx-node` that is used here; the package brings no usable types. Lengths in seconds. */
export interface SherpaOnnx {
  readonly OfflineRecognizer: {
    createAsync(config: OfflineRecognizerConfig): Promise<OfflineRecognizer>;
  };
  readonly Vad: new (config: VadConfig, bufferSizeInSeconds: number) => Vad;
}

export interface OfflineRecognizerConfig {
  readonly featConfig: { readonly sampleRate: number; readonly featureDim: number };
  readonly modelConfig: {
    readonly moonshine: { readonly encoder: string; readonly mergedDecoder: string };
    readonly tokens: string;
    readonly numThreads: number;
    readonly provider: 'cpu';
  };
}

export interface OfflineStream {
  acceptWaveform(wave: { readonly samples: Float32Array; readonly sampleRate: number }): void;
}

export interface OfflineRecognizer {
  createStream(): OfflineStream;
  decodeAsync(stream: OfflineStream): Promise<{ readonly text: string; readonly tokens: readonly string[] }>;
}

export interface VadConfig {
  readonly sileroVad: {
    readonly model: string;
    readonly threshold: number;
    readonly minSilenceDuration: number;
    readonly minSpeechDuration: number;
    readonly maxSpeechDuration: number;
    readonly windowSize: number;
  };
  readonly sampleRate: number;
  readonly numThreads: number;
  readonly provider: 'cpu';
}

export interface Vad {
  acceptWaveform(samples: Float32Array): void;
  isEmpty(): boolean;
  isDetected(): boolean;
  front(enableExternalBuffer: boolean): { readonly start: number; readonly samples: Float32Array };
  pop(): void;
  flush(): void;
  reset(): void;
}

/** A CommonJS addon: loaded when the first engine is made, so that tests with fakes never map its 30 MB. */
export function loadSherpaOnnx(): SherpaOnnx {
  return createRequire(import.meta.url)('sherpa-onnx-node') as SherpaOnnx;
}
