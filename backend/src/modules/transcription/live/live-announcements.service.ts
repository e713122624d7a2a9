import type { LiveProgress } from '@auscult/contracts';
import { Injectable } from '@nestjs/common';
import { RealtimePublisher } from '../../../platform/realtime/index.js';
import type { Marker } from './marker.entity.js';
import { markerView } from './marker-view.js';

/** Tells the watchers of a live session what has changed besides its segments. Call after the commit only. */
@Injectable()
export class LiveAnnouncements {
  constructor(private readonly publisher: RealtimePublisher) {}

  progress(progress: LiveProgress): void {
    this.publisher.toRecording(progress.recordingId, 'live:progress', progress);
  }

  markers(recordingId: string, markers: readonly Marker[]): void {
    this.publisher.toRecording(recordingId, 'live:markers', { recordingId, markers: markers.map(markerView) });
  }

  removed(recordingId: string, segmentIds: readonly string[]): void {
    if (segmentIds.length === 0) return;
    this.publisher.toRecording(recordingId, 'transcript:removed', { recordingId, segmentIds: [...segmentIds] });
  }

  /** Takes back what was shown as being said on this channel. */
  partialTakenBack(recordingId: string, channel: number, atMs: number): void {
    this.publisher.toRecording(recordingId, 'live:partial', { recordingId, channel, startMs: atMs, endMs: atMs, firm: '', tentative: '' });
  }
}
