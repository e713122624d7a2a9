import { setTimeout as delay } from 'node:timers/promises';
import { type CreateVoiceDetector, LIVE_PAUSE_SECONDS, type Recognizer, SileroVoiceDetector, fetchModel, findCudaDevice, loadBackground, loadRecognizer } from '@auscult/speech';
import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { APP_CONFIG, type AppConfig, ConfigError } from '../../../platform/config/index.js';
import { HealthRegistry } from '../../../platform/observability/index.js';
import { DecodeSlots } from './decode-slots.js';
import { fakeSpeech } from './fake-speech.js';
import type { SpeechModel } from './speech-model.js';

/** What a transcription needs; the model is shared, a detector is made for each channel. */
export interface Speech {
  readonly slots: DecodeSlots;
  readonly createVoiceDetector: CreateVoiceDetector;
  /** For sound that comes in while it is spoken. */
  readonly createLiveVoiceDetector: CreateVoiceDetector;
  /** How many decodes the engine works on at once: the cores, or what a GPU takes together. */
  readonly parallel: number;
  /** What hears beside it whatever nobody waits for; whoever opens it closes it. */
  readonly openBackground: () => Promise<Recognizer>;
}

const RETRY_AFTER_MS = 15_000;

/**
 * Loads the speech model once for this process, in the background of its start. Files that are missing are fetched; while that
 * fails the process stays up, says that it is not ready, and tries again.
 */
@Injectable()
export class SpeechEngine implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger('SpeechEngine');
  private readonly stopping = new AbortController();
  private readonly ready: Promise<Speech>;
  private settle!: { resolve: (speech: Speech) => void; reject: (error: Error) => void };
  private model: SpeechModel | null = null;

  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    private readonly health: HealthRegistry,
  ) {
    this.ready = new Promise((resolve, reject) => (this.settle = { resolve, reject }));
    // Nobody may be waiting when the process stops.
    this.ready.catch(() => undefined);
  }

  /** @throws ConfigError where a GPU is asked for and there is none: to wait for one would help nobody */
  onModuleInit(): void {
    if (this.config.speechDevice === 'cuda' && this.config.recognizer === 'moonshine') requireCudaDevice();
    this.health.register('model', async () => {
      if (!this.model) throw new Error('The speech model is not loaded yet');
      if (!this.isUsable) throw new Error('The speech model cannot be used any more; a start of the process may help');
    });
    void this.load();
  }

  /** Resolves once the model is loaded; rejects when the process stops before. */
  loaded(): Promise<Speech> {
    return this.ready;
  }

  /** False once its device was lost: what fails then is no fault of the sound. */
  get isUsable(): boolean {
    return (this.model?.recognizer.unusable ?? null) === null;
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    this.settle.reject(new Error('The process stops'));
    await this.model?.recognizer.close();
  }

  private async load(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        this.model = this.config.recognizer === 'fake' ? fakeSpeech(this.config.model) : await this.loadMoonshine();
        // One more than the engine works on: 38.4 times real time against 36.5 on two cores, since a core never waits for JavaScript.
        const { recognizer, device, ...more } = this.model;
        const slots = new DecodeSlots(recognizer, more.parallel + 1);
        this.settle.resolve({ slots, ...more });
        this.logger.log({ engine: recognizer.name, device }, 'Speech model loaded');
        return;
      } catch (error) {
        this.logger.error({ err: error }, 'The speech model cannot be loaded; trying again');
        await delay(RETRY_AFTER_MS, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      }
    }
  }

  private async loadMoonshine(): Promise<SpeechModel> {
    const { model, modelDir, speechDevice } = this.config;
    await fetchModel(model, modelDir, () => undefined);
    const loaded = await loadRecognizer(modelDir, model, speechDevice);
    const { recognizer, device, parallel, gpuFailure } = loaded;
    if (gpuFailure) this.logger.warn({ err: gpuFailure }, 'The GPU cannot be used; the CPU does its work');
    return {
      recognizer, device, parallel,
      createVoiceDetector: SileroVoiceDetector.from(modelDir),
      createLiveVoiceDetector: SileroVoiceDetector.from(modelDir, LIVE_PAUSE_SECONDS),
      openBackground: () => loadBackground(loaded, modelDir, model),
    };
  }
}

function requireCudaDevice(): void {
  try {
    findCudaDevice();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError([`AUSCULT_SPEECH_DEVICE is cuda, but there is no GPU to use: ${reason}`]);
  }
}
