import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';

/**
 * A session that is being made: one row as long as its recording is `live`. It changes only by the statements in
 * live-session.repository.ts; whoever writes for the session locks it before any other row.
 */
@Entity({ tableName: 'live_session' })
export class LiveSession {
  @PrimaryKey({ type: 'uuid' })
  recordingId!: string;

  /** Counts the senders that took the session over; only the last one may send. */
  @Property({ type: 'integer' })
  writer = 1;

  /** Who the last of them is, where it says so. */
  @Property({ type: 'uuid', nullable: true })
  sender: string | null = null;

  /** Fencing token of the worker that holds the lease; null when none does or when it must begin again from the checkpoint. */
  @Property({ type: 'uuid', nullable: true })
  runId: string | null = null;

  @Property({ type: 'datetime', nullable: true })
  leaseUntil: Date | null = null;

  /** Runs that have failed since more of it became durable. */
  @Property({ type: 'integer' })
  failures = 0;

  /** When a sender was heard last, to the minute. */
  @Property({ type: 'datetime', defaultRaw: 'now()' })
  lastHeardAt!: Date;

  static begin(recordingId: string, sender: string | null): LiveSession {
    return Object.assign(new LiveSession(), { recordingId, sender });
  }

  /** More of it is durable: what failed before is behind it. */
  progressed(): void {
    this.failures = 0;
  }

  /** Whoever works on it must begin again from the checkpoint, because what lies before it has changed. */
  interrupt(): void {
    this.runId = null;
    this.leaseUntil = null;
    this.progressed();
  }
}
