import { Injectable, Logger } from '@nestjs/common';
import { isConnectionError } from '../../worker/connection-patience.js';
import { startHeartbeat } from '../../worker/heartbeat.js';
import { LiveAudioStream } from '../live-audio-stream.js';
import type { Beat } from '../live-session.repository.js';
import { LiveLeases } from './live-leases.service.js';
import type { LiveSessionRun } from './live-session-run.js';

/** A third of the lease. What must be known sooner is announced. */
const BEAT_MS = 2000;

/**
 * Renews the leases of all sessions of this process in one statement, and asks Redis about all of them at once. A session that somebody writes to at that moment
 * is asked for by itself, so that no session waits for another's lock.
 */
@Injectable()
export class LiveHeartbeat {
  private readonly logger = new Logger('LiveSessions');

  constructor(
    private readonly leases: LiveLeases,
    private readonly stream: LiveAudioStream,
  ) {}

  /** Until stopped. @param held the runs of this moment, asked for each time */
  start(held: () => readonly LiveSessionRun[]): { stop(): void } {
    return startHeartbeat(() => this.beat(held()), (error) => this.logger.error({ err: error }, 'The leases of live sessions are not renewed any more'), BEAT_MS);
  }

  private async beat(runs: readonly LiveSessionRun[]): Promise<void> {
    if (runs.length === 0) return;
    const askedAt = performance.now();
    const beats = await this.renewed(runs);
    const states = await this.stream.states(runs.map(({ held }) => held.recordingId)).catch(() => []);
    runs.forEach((run, index) => {
      const beat = beats && beats.get(run.held.runId);
      if (beat === undefined) run.look();
      else run.renewed(beat, askedAt, states[index]);
    });
  }

  /** Null while the database is away: who held a lease may still have it. */
  private async renewed(runs: readonly LiveSessionRun[]): Promise<Map<string, Beat> | null> {
    try {
      return await this.leases.renew(runs.map(({ held }) => held));
    } catch (error) {
      if (isConnectionError(error)) return null;
      // Each run asks for itself and says what is wrong.
      this.logger.error({ err: error }, 'The leases of live sessions cannot be renewed together');
      return new Map();
    }
  }
}
