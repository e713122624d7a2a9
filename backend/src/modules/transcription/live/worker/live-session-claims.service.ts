import { randomUUID } from 'node:crypto';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { isConnectionError } from '../../worker/connection-patience.js';
import { LiveAudioStream } from '../live-audio-stream.js';
import { LiveHeartbeat } from './live-heartbeat.service.js';
import { LiveLeases } from './live-leases.service.js';
import { LiveMetrics } from './live-metrics.service.js';
import type { HeldSession, LiveSessionRun } from './live-session-run.js';
import { LiveSessionRuns } from './live-session-runs.service.js';
import { type LiveEngine, LiveSpeech } from './live-speech.service.js';
import { SupersededError } from './superseded-error.js';

/** Sessions are announced; this finds those whose announcement was lost and those whose worker died. */
const LOOK_MS = 2000;
/** More than a processor can follow with the fastest model; a session beyond it waits for another worker. */
const MOST_SESSIONS_PER_SLOT = 48;

class ProcessStopsError extends Error {
  override readonly name = 'ProcessStopsError';
}

/** Takes live sessions that no living worker holds, follows each to its end, and gives back what it holds when the process stops. */
@Injectable()
export class LiveSessionClaims implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('LiveSessions');
  private readonly held = new Map<string, { run: LiveSessionRun; ended: Promise<void> }>();
  private looking: Promise<void> | null = null;
  private mustLookAgain = false;
  private stopping = false;
  private end: () => void = () => undefined;

  constructor(
    private readonly runs: LiveSessionRuns,
    private readonly heartbeat: LiveHeartbeat,
    private readonly leases: LiveLeases,
    private readonly stream: LiveAudioStream,
    private readonly speech: LiveSpeech,
    private readonly metrics: LiveMetrics,
  ) {}

  onApplicationBootstrap(): void {
    this.metrics.watch(() => ({
      sessions: this.held.size,
      lagSeconds: Math.max(0, ...[...this.held.values()].map(({ run }) => run.lagSeconds)),
      ...this.speech.numbers,
    }));
    // A process that stops before its model is loaded holds nothing.
    this.speech.loaded().then((engine) => this.begin(engine), () => undefined);
  }

  /** What is not settled yet is heard again by the next worker. */
  async onModuleDestroy(): Promise<void> {
    this.stopping = true;
    this.end();
    // A look may wait for whoever writes to a session, and may still claim one.
    await Promise.all([this.endAll(), this.looking]);
    await this.endAll();
  }

  private async endAll(): Promise<void> {
    const held = [...this.held.values()];
    for (const { run } of held) run.end(new ProcessStopsError());
    await Promise.all(held.map(({ ended }) => ended));
  }

  private begin(engine: LiveEngine): void {
    if (this.stopping) return;
    const look = () => this.look(engine);
    const timer = setInterval(look, LOOK_MS);
    const beating = this.heartbeat.start(() => [...this.held.values()].map(({ run }) => run));
    const unsubscribe = this.stream.onAnnounced((recordingId) => {
      const known = this.held.get(recordingId);
      if (known) known.run.look();
      else look();
    });
    this.end = () => {
      clearInterval(timer);
      beating.stop();
      unsubscribe();
    };
    look();
  }

  /** One look at a time; what is announced meanwhile makes it look once more. */
  private look(engine: LiveEngine): void {
    this.mustLookAgain = true;
    if (this.stopping) return;
    this.looking ??= this.claimAll(engine).catch((error: unknown) => this.report(error, 'Live sessions cannot be claimed; trying again')).finally(() => {
      this.looking = null;
    });
  }

  private async claimAll(engine: LiveEngine): Promise<void> {
    while (this.mustLookAgain && !this.stopping) {
      this.mustLookAgain = false;
      const free = await this.leases.claimable();
      for (const recordingId of free) {
        if (this.takesNoMore(engine)) return;
        if (!this.held.has(recordingId)) await this.claim(recordingId, engine);
      }
    }
  }

  private takesNoMore({ scheduler }: LiveEngine): boolean {
    return this.stopping || this.held.size >= MOST_SESSIONS_PER_SLOT * scheduler.parallel;
  }

  private async claim(recordingId: string, engine: LiveEngine): Promise<void> {
    const held = { recordingId, runId: randomUUID() };
    const claimed = await this.leases.claim(held);
    if (!claimed) return;
    if (claimed.fromAnother) this.metrics.takeOvers.inc();
    const run = this.runs.create(held, engine);
    this.held.set(recordingId, { run, ended: this.follow(run, held, engine) });
  }

  private async follow(run: LiveSessionRun, held: HeldSession, engine: LiveEngine): Promise<void> {
    try {
      await run.transcribe();
    } catch (error) {
      if (!(error instanceof SupersededError)) await this.giveBack(held, error);
    }
    this.held.delete(held.recordingId);
    this.look(engine);
  }

  private async giveBack(held: HeldSession, error: unknown): Promise<void> {
    const { recordingId } = held;
    const stops = error instanceof ProcessStopsError;
    if (!stops) this.failed(error, recordingId);
    try {
      await (stops ? this.leases.release(held) : this.leases.failed(held));
      if (stops) this.stream.announce(recordingId);
    } catch (later) {
      this.report(later, 'A live session could not be given back; its lease runs out');
    }
  }

  private failed(error: unknown, recordingId: string): void {
    this.metrics.failures.inc();
    this.report(error, 'A live session was interrupted; it goes on from its checkpoint', { recordingId });
  }

  private report(error: unknown, message: string, ids: { recordingId?: string } = {}): void {
    if (isConnectionError(error)) this.logger.warn(ids, message);
    else this.logger.error({ err: error, ...ids }, message);
  }
}
