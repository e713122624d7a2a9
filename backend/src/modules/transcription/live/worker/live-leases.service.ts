import { Injectable } from '@nestjs/common';
import { DatabaseWork } from '../../../../platform/database/index.js';
import { type Beat, LiveSessionRepository } from '../live-session.repository.js';
import type { HeldSession } from './live-session-run.js';

/** The leases of this process, each statement on its own: nobody waits for a request's transaction here. */
@Injectable()
export class LiveLeases {
  constructor(
    private readonly sessions: LiveSessionRepository,
    private readonly database: DatabaseWork,
  ) {}

  claimable(): Promise<string[]> {
    return this.database.run(() => this.sessions.claimable());
  }

  /** Null when another run has it; else whether it was taken over from one. */
  claim({ recordingId, runId }: HeldSession): Promise<{ fromAnother: boolean } | null> {
    return this.database.run(async () => {
      const before = await this.sessions.find(recordingId);
      return (await this.sessions.claim(recordingId, runId)) ? { fromAnother: before?.runId != null } : null;
    });
  }

  /** Of these runs, by their ids; one that is not answered has lost its lease, or is being written to at this moment. */
  renew(runs: readonly HeldSession[]): Promise<Map<string, Beat>> {
    return this.database.run(() => this.sessions.renew(runs.map(({ runId }) => runId), 'leave out'));
  }

  /** Another worker may take the session at once. */
  release({ recordingId, runId }: HeldSession): Promise<void> {
    return this.database.run(() => this.sessions.release(recordingId, runId));
  }

  /** After a pause, which grows with each failure in a row, any worker may take the session. */
  failed({ recordingId, runId }: HeldSession): Promise<void> {
    return this.database.run(() => this.sessions.failed(recordingId, runId));
  }
}
