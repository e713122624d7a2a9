import type { LivePartial } from '@auscult/contracts';
import type { Segment } from '../../segment.entity.js';
import type { Lease } from './lease.js';
import type { LiveMetrics } from './live-metrics.service.js';
import type { Settlement } from './live-run-writes.js';
import { Partials } from './partials.js';
import type { SessionAnnouncements } from './session-announcements.service.js';
import type { SessionProgress } from './session-progress.js';
import type { SessionListener } from './session-words.js';

/**
 * Tells watchers and sender what a run has heard and written. What no transaction fences (partials, progress) is told only while the lease is sure.
 */
export class SessionTelling implements SessionListener {
  private readonly partials = new Partials((partial) => this.tellPartial(partial));
  private position = 0;

  constructor(
    private readonly tools: { announcements: SessionAnnouncements; metrics: LiveMetrics },
    private readonly recordingId: string,
    private readonly lease: Lease,
    private readonly sessionProgress: SessionProgress,
    private readonly onStored: () => void,
  ) {}

  partial(partial: Omit<LivePartial, 'recordingId'>): void {
    this.partials.show({ recordingId: this.recordingId, ...partial });
  }

  ended(channel: number): void {
    this.partials.drop(channel);
  }

  segment(segment: Segment, tookSeconds: number | null): void {
    if (tookSeconds !== null) this.sessionProgress.finalTook(tookSeconds);
    this.tools.announcements.segments(this.recordingId, [segment]);
  }

  settled({ stored, lines, removed, recording }: Settlement): void {
    if (recording) this.tools.announcements.changed(recording);
    this.tools.announcements.segments(this.recordingId, lines, removed);
    const more = stored - this.sessionProgress.stored;
    if (more <= 0) return;
    this.tools.metrics.stored(more);
    void this.sessionProgress.durable(stored);
    this.onStored();
    this.progress(this.position);
  }

  /** @param position the frame that is read next */
  progress(position: number): void {
    this.position = Math.max(this.position, position);
    if (this.lease.isSure) this.tools.announcements.progress(this.sessionProgress.view(this.position));
  }

  stop(): void {
    this.partials.stop();
  }

  private tellPartial(partial: LivePartial): void {
    if (this.lease.isSure) this.tools.announcements.partial(partial);
  }
}
