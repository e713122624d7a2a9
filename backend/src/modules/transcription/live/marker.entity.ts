import { randomUUID } from 'node:crypto';
import { LIVE_FRAME_MS, type MarkerView } from '@auscult/contracts';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';

/**
 * A moment in a live recording. One of kind `off-record` covers whole frames: sound inside it is silence, wherever it is still
 * found, and words inside it must not be written.
 */
@Entity({ tableName: 'marker' })
export class Marker {
  @PrimaryKey({ type: 'uuid' })
  id!: string;

  @Property({ type: 'uuid' })
  recordingId!: string;

  @Property({ type: 'string' })
  kind!: MarkerView['kind'];

  @Property({ type: 'integer' })
  atMs!: number;

  @Property({ type: 'integer', nullable: true })
  durationMs: number | null = null;

  @Property({ type: 'string', nullable: true })
  label: string | null = null;

  @Property({ type: 'datetime' })
  createdAt!: Date;

  static at(id: string, recordingId: string, mark: Pick<Marker, 'kind' | 'atMs' | 'durationMs' | 'label'>, now: Date): Marker {
    return Object.assign(new Marker(), { id, recordingId, ...mark, createdAt: now });
  }

  /** Frames `from` to `until` - 1 are off the record. */
  static offRecord(id: string, recordingId: string, range: { from: number; until: number }, now: Date): Marker {
    const atMs = range.from * LIVE_FRAME_MS;
    const durationMs = (range.until - range.from) * LIVE_FRAME_MS;
    return Object.assign(new Marker(), { id, recordingId, kind: 'off-record', atMs, durationMs, createdAt: now });
  }

  isOffRecordAt(ms: number): boolean {
    return this.kind === 'off-record' && ms >= this.atMs && ms < this.atMs + (this.durationMs ?? 0);
  }

  /** What it covers before this frame, as one of its own: whoever asks for all of it again, perhaps elsewhere, is not answered by the rest. Null when that is nothing. */
  before(frame: number): Marker | null {
    const { from, until } = this.frames;
    return frame <= from ? null : Marker.offRecord(randomUUID(), this.recordingId, { from, until: Math.min(until, frame) }, this.createdAt);
  }

  /** The frames that are off the record: `from` to `until` - 1. */
  get frames(): { from: number; until: number } {
    const from = Math.round(this.atMs / LIVE_FRAME_MS);
    return { from, until: from + Math.round((this.durationMs ?? 0) / LIVE_FRAME_MS) };
  }
}
