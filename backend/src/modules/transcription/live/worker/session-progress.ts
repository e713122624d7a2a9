import { LIVE_FRAME_MS, type LiveProgress } from '@auscult/contracts';
import type { LiveAudioStream, LiveStreamState } from '../live-audio-stream.js';

/** A final comes half a second after its last word, and some tens of milliseconds; what exceeds this waited for the recogniser. */
const USUAL_FINAL_SECONDS = 1;
/** How late words were says nothing any more after this time without any. */
const LATENESS_COUNTS_MS = 10_000;

/** Up to so many sessions a slot, every frame is worth a message of its own. */
const FEW_SESSIONS = 3;
/** Up to so many, those of a pause still are. */
const SOME_SESSIONS = 10;

/** How far a session is, seen from its worker: the row's numbers and what Redis says. */
export class SessionProgress {
  private received: number;
  private incarnation: string | null = null;
  private answered = false;
  private late = { seconds: 0, at: 0 };

  constructor(
    private readonly stream: LiveAudioStream,
    private readonly recordingId: string,
    public writer: number,
    /** Frames before this one are durable. */
    public stored: number,
    /** Sessions for each decode that can run at once, now. */
    private readonly sessionsPerSlot: () => number,
  ) {
    this.received = stored;
  }

  /**
   * Asks Redis, and tells it again what is durable where it does not know. Answers whether the stream began anew since the last time. While Redis
   * is away, nothing changes.
   */
  async look(): Promise<{ beganAnew: boolean }> {
    return this.seen(await this.stream.state(this.recordingId).catch(() => undefined));
  }

  /** Takes what Redis says; null when it does not know the session, undefined while it is away. */
  async seen(state: LiveStreamState | null | undefined): Promise<{ beganAnew: boolean }> {
    this.answered = state !== undefined;
    if (!state) return { beganAnew: false };
    if (state.stored < this.stored) await this.tellStored();
    return { beganAnew: this.takes(state) };
  }

  /** Frames before this one need not be sent again. */
  async durable(stored: number): Promise<void> {
    this.stored = Math.max(this.stored, stored);
    await this.tellStored();
  }

  /** What was received and is not durable is gone: it has to be sent again. */
  lost(): void {
    this.received = this.stored;
  }

  /** A final came so long after its last word. */
  finalTook(seconds: number): void {
    this.late = { seconds: Math.max(0, seconds - USUAL_FINAL_SECONDS), at: performance.now() };
  }

  /** Redis said so: nothing was received that was not read yet. */
  hasAll(position: number): boolean {
    return this.answered && this.unread(position) === 0;
  }

  /** Frames that were received and not read yet. */
  unread(position: number): number {
    return Math.max(0, this.received - position);
  }

  /** How far recognition is behind what was received: what was not read yet, and how late the last words were. */
  lagSeconds(position: number): number {
    const late = performance.now() - this.late.at < LATENESS_COUNTS_MS ? this.late.seconds : 0;
    return (this.unread(position) * LIVE_FRAME_MS) / 1000 + late;
  }

  view(position: number): LiveProgress {
    const { recordingId, writer, stored } = this;
    return { recordingId, writer, received: Math.max(this.received, stored), stored, lagMs: Math.round(this.lagSeconds(position) * 1000), gather: gatherFor(this.sessionsPerSlot()) };
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

/**
 * Frames in a message; in a pause a quarter of it, since what ends an utterance should not wait. Decision 13 has what that saves and what it delays.
 * Few sessions gain nothing.
 */
function gatherFor(sessionsPerSlot: number): number {
  if (sessionsPerSlot <= FEW_SESSIONS) return 1;
  return sessionsPerSlot <= SOME_SESSIONS ? 3 : 8;
}
