import { UnexpectedAnswerError } from './errors.js';
import { VoiceNetwork } from './live/voice/voice-network.js';
import type { Transport } from './transport.js';

export class LiveRoutes {
  #voiceDetector: Promise<VoiceNetwork> | null = null;

  constructor(private readonly transport: Transport) {}

  /** What the server's voice detector has learnt (1.2 MB), fetched once; problem `not-found` where the server has none. */
  voiceDetector(): Promise<VoiceNetwork> {
    this.#voiceDetector ??= this.#fetchVoiceDetector().catch((error: unknown) => {
      this.#voiceDetector = null;
      throw error;
    });
    return this.#voiceDetector;
  }

  async #fetchVoiceDetector(): Promise<VoiceNetwork> {
    const response = await this.transport.send({ method: 'GET', path: '/live/voice-detector' });
    try {
      return new VoiceNetwork(await response.arrayBuffer());
    } catch (cause) {
      throw new UnexpectedAnswerError('VoiceDetector', { cause });
    }
  }
}
