import type { LiveProgress } from '@auscult/contracts';
import { LIVE_FRAME_MS } from '@auscult/contracts';
import type { LiveAudioStream, LiveStreamState } from '../live-audio-stream.js';

/** How far a session is, seen from its worker: the row's numbers and what Redis says. */
export class SessionProgress {
  private received: number;
  private incarnation: string | null = null;

  constructor(
    private readonly stream: LiveAudioStream,
    private readonly recordingId: string,
    public writer: number,
    /** Frames before this one are durable. */
    public stored: number,
  ) {
    this.received = stored;
  }

  /**
   * Asks Redis, and tells it again what is durable where it does not know. Answers whether the stream began anew since the last time. While Redis
   * is away, nothing changes.
   */
  async look(): Promise<{ beganAnew: boolean }> {
    const state = await this.stream.state(this.recordingId).catch(() => null);
    if (!state) return { beganAnew: false };
    if (state.stored < this.stored) await this.tellStored();
    return { beganAnew: this.takes(state) };
  }

  /** Frames before this one need not be sent again. */
  async durable(stored: number): Promise<void> {
    this.stored = Math.max(this.stored, stored);
    await this.tellStored();
  }

  lagSeconds(position: number): number {
    return (Math.max(0, this.received - position) * LIVE_FRAME_MS) / 1000;
  }

  view(position: number): LiveProgress {
    const { recordingId, writer, stored } = this;
    const received = Math.max(this.received, stored);
    return { recordingId, writer, received, stored, lagMs: Math.max(0, received - position) * LIVE_FRAME_MS };
  }

  private takes({ received, incarnation }: LiveStreamState): boolean {
    const beganAnew = this.incarnation !== null && this.incarnation !== incarnation;
    this.incarnation = incarnation;
    this.received = received;
    return beganAnew;
  }

  /** Lost while Redis is away; the next look tells it again. */
  private async tellStored(): Promise<void> {
    await this.stream.stored(this.recordingId, this.stored).catch(() => undefined);
  }
}
