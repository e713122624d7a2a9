import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { LEASE_SECONDS, StoredObjectRepository } from './stored-object.repository.js';

const RENEW_MS = 1_000;
const ASK_AGAIN_MS = 100;
/** Longer than a dead holder's lease lasts, so that a resumed upload waits it out instead of failing. */
const ACQUIRE_MS = 2 * LEASE_SECONDS * 1_000;

export class LeaseUnavailableError extends Error {
  override readonly name = 'LeaseUnavailableError';
  constructor() {
    super('Another connection is writing to this upload');
  }
}

export interface LeaseEvents {
  /** Somebody else waits for the lease: finish soon. May come more than once. */
  wanted: () => void;
  /** The lease was lost (the process stood still, the database was away): stop writing at once. */
  lost: () => void;
}

/**
 * The right to write to one upload, across all api processes. It is a row with a time limit, not a database lock: an upload
 * may last for hours and must not hold a connection of the pool, and a holder that died frees it by doing nothing.
 */
export class UploadLease {
  readonly holder = randomUUID();
  private events: LeaseEvents | null = null;
  private timer: NodeJS.Timeout | null = null;
  private renewedAt = 0;

  constructor(
    private readonly id: string,
    private readonly rows: StoredObjectRepository,
    private readonly local: Map<string, UploadLease>,
  ) {}

  /** Waits until the present holder has given up or died. */
  async acquire(signal: AbortSignal, events: LeaseEvents): Promise<void> {
    const until = performance.now() + ACQUIRE_MS;
    while (performance.now() < until && !signal.aborted) {
      if (await this.rows.acquireLease(this.id, this.holder)) {
        this.keep(events);
        return;
      }
      this.local.get(this.id)?.events?.wanted();
      await delay(ASK_AGAIN_MS, undefined, { signal }).catch(() => undefined); // aborted: the loop ends
    }
    throw new LeaseUnavailableError();
  }

  /** Renews from now on; for a row that was created with this lease's holder in it. */
  keep(events: LeaseEvents): void {
    this.events = events;
    this.renewedAt = performance.now();
    this.local.set(this.id, this);
    this.timer = setInterval(() => void this.renew(), RENEW_MS);
  }

  async release(): Promise<void> {
    this.stop();
    await this.rows.releaseLease(this.id, this.holder);
  }

  private async renew(): Promise<void> {
    const asked = performance.now();
    if (asked - this.renewedAt > LEASE_SECONDS * 1_000) return this.lose();
    const answer = await this.rows.renewLease(this.id, this.holder).catch(() => null); // tried again in a second, until time is up
    if (answer === 'lost') return this.lose();
    if (answer !== null) this.renewedAt = asked;
    if (answer === 'wanted') this.events?.wanted();
  }

  private lose(): void {
    const { events } = this;
    this.stop();
    events?.lost();
  }

  private stop(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
    this.events = null;
    if (this.local.get(this.id) === this) this.local.delete(this.id);
  }
}

@Injectable()
export class UploadLeases {
  /** Holders in this process, which can be asked without a detour through the database. */
  private readonly local = new Map<string, UploadLease>();

  constructor(private readonly rows: StoredObjectRepository) {}

  of(id: string): UploadLease {
    return new UploadLease(id, this.rows, this.local);
  }
}
