import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { type CreateVoiceDetector, MoonshineRecognizer, SileroVoiceDetector, fetchModel } from '@auscult/speech';
import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { APP_CONFIG, type AppConfig } from '../../../platform/config/index.js';
import { HealthRegistry } from '../../../platform/observability/index.js';
import { DecodeSlots } from './decode-slots.js';
import { fakeSpeech } from './fake-speech.js';
import type { SpeechModel } from './speech-model.js';

/** What a transcription needs; the model is shared, a detector is made for each channel. */
export interface Speech {
  readonly slots: DecodeSlots;
  readonly createVoiceDetector: CreateVoiceDetector;
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

  onModuleInit(): void {
    this.health.register('model', async () => {
      if (!this.model) throw new Error('The speech model is not loaded yet');
    });
    void this.load();
  }

  /** Resolves once the model is loaded; rejects when the process stops before. */
  loaded(): Promise<Speech> {
    return this.ready;
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
        // One more than there are cores: 38.4 times real time against 36.5 on two, since a core never waits for JavaScript.
        const slots = new DecodeSlots(this.model.recognizer, availableParallelism() + 1);
        this.settle.resolve({ slots, createVoiceDetector: this.model.createVoiceDetector });
        this.logger.log({ engine: this.model.recognizer.name }, 'Speech model loaded');
        return;
      } catch (error) {
        this.logger.error({ err: error }, 'The speech model cannot be loaded; trying again');
        await delay(RETRY_AFTER_MS, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      }
    }
  }

  private async loadMoonshine(): Promise<SpeechModel> {
    const { model, modelDir } = this.config;
    await fetchModel(model, modelDir, () => undefined);
    const recognizer = await MoonshineRecognizer.load(modelDir, model);
    return { recognizer, createVoiceDetector: SileroVoiceDetector.from(modelDir) };
  }
}
