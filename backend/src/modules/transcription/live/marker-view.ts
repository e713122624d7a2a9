import type { MarkerView } from '@auscult/contracts';
import type { Marker } from './marker.entity.js';

export function markerView({ id, kind, atMs, durationMs, label, createdAt }: Marker): MarkerView {
  return { id, kind, atMs, durationMs, label, createdAt: createdAt.toISOString() };
}
