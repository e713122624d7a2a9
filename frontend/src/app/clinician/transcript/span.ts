import type { MarkerView, SegmentView } from '@auscult/contracts';

/** A part of the recording, in ms. */
export type Span = Pick<SegmentView, 'startMs' | 'endMs'>;

export const overlaps = (one: Span, other: Span): boolean => one.startMs < other.endMs && other.startMs < one.endMs;

/** What a mark covers. */
export const spanOf = ({ atMs, durationMs }: MarkerView): Span => ({ startMs: atMs, endMs: atMs + (durationMs ?? 0) });
