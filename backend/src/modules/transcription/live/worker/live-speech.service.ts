import { type CreateVoiceDetector, LiveScheduler, type Recognizer } from '@auscult/speech';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { type Speech, SpeechEngine } from '../../worker/speech-engine.service.js';
import type { LiveNumbers } from './live-metrics.service.js';

/** What live transcription needs: one scheduler for all sessions of the process. */
export interface LiveEngine {
  readonly name: string;
  readonly scheduler: LiveScheduler;
  readonly createVoiceDetector: CreateVoiceDetector;
  /** False once the model's device was lost. */
  isUsable(): boolean;
}

/** The speech model of this process, for many sessions at once. */
@Injectable()
export class LiveSpeech implements OnApplicationShutdown {
  private readonly logger = new Logger('LiveSpeech');
  private engine: Promise<LiveEngine> | undefined;
  private scheduler: LiveScheduler | null = null;
  private background: Recognizer | null = null;

  constructor(private readonly speech: SpeechEngine) {}

  /** Resolves once the model is loaded; rejects when the process stops before. */
  loaded(): Promise<LiveEngine> {
    this.engine ??= this.prepare();
    return this.engine;
  }

  /** For the metrics; zeros until the model is loaded. */
  get numbers(): Pick<LiveNumbers, 'waiting' | 'droppedPartials'> {
    const stats = this.scheduler?.stats;
    return { waiting: { final: stats?.waitingFinals ?? 0, refinement: stats?.waitingRefinements ?? 0 }, droppedPartials: stats?.droppedPartials ?? 0 };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.background?.close();
  }

  private async prepare(): Promise<LiveEngine> {
    const speech = await this.speech.loaded();
    const { slots, createLiveVoiceDetector, parallel } = speech;
    const recognizer = slots.lane();
    this.background = await this.openBackground(speech);
    const onBackgroundLost = (error: Error) => this.logger.warn({ err: error }, 'The recogniser in the background was lost; all sound is heard in the foreground');
    const scheduler = new LiveScheduler(recognizer, { parallel, onBackgroundLost, ...(this.background ? { background: this.background } : {}) });
    this.scheduler = scheduler;
    return { name: recognizer.name, scheduler, createVoiceDetector: createLiveVoiceDetector, isUsable: () => this.speech.isUsable };
  }

  /** Without it finals wait longer where many speak; nothing else is worse. */
  private async openBackground({ openBackground }: Speech): Promise<Recognizer | null> {
    try {
      return await openBackground();
    } catch (error) {
      this.logger.warn({ err: error }, 'The recogniser in the background cannot be opened; all sound is heard in the foreground');
      return null;
    }
  }
}
