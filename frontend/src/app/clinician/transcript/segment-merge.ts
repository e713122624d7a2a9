import type { SegmentView } from '@auscult/contracts';

/**
 * Puts new and changed segments into a list sorted by start. One that is older than what is known (an event that a later
 * answer has overtaken) is left out. Returns the same list when nothing changed.
 */
export function mergeSegments(known: readonly SegmentView[], incoming: readonly SegmentView[]): readonly SegmentView[] {
  if (incoming.length === 0) return known;
  const indexById = new Map(known.map((segment, index) => [segment.id, index]));
  const merged = [...known];
  let changed = false;
  let sort = false;
  for (const segment of incoming) {
    const index = indexById.get(segment.id);
    const before = index === undefined ? merged.at(-1) : merged[index];
    if (index === undefined) {
      sort ||= before !== undefined && before.startMs > segment.startMs;
      indexById.set(segment.id, merged.push(segment) - 1);
    } else if (before === undefined || before === segment || before.revision > segment.revision) {
      continue;
    } else {
      sort ||= before.startMs !== segment.startMs;
      merged[index] = segment;
    }
    changed = true;
  }
  if (!changed) return known;
  return sort ? merged.sort((one, other) => one.startMs - other.startMs) : merged;
}

/** Words as the eye counts them. */
export function countWords(segments: readonly SegmentView[]): number {
  let count = 0;
  for (const { text } of segments) count += text.match(/\S+/g)?.length ?? 0;
  return count;
}

/** Reuses the known object of every segment that a fresh reading left as it was, so that no row is drawn again for nothing. */
export function keepUnchanged(known: readonly SegmentView[], read: readonly SegmentView[]): readonly SegmentView[] {
  const byId = new Map(known.map((segment) => [segment.id, segment]));
  const kept = read.map((segment) => {
    const before = byId.get(segment.id);
    return before && sameSegment(before, segment) ? before : segment;
  });
  return kept.length === known.length && kept.every((segment, index) => segment === known[index]) ? known : kept;
}

function sameSegment(one: SegmentView, other: SegmentView): boolean {
  return (
    one.revision === other.revision &&
    one.text === other.text &&
    one.speakerId === other.speakerId &&
    one.startMs === other.startMs &&
    one.endMs === other.endMs &&
    one.words.length === other.words.length
  );
}
