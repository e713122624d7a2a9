import type { SegmentView } from '@auscult/contracts';
import type { TextSpan } from '@auscult/ui';

/** Every place where the words stand, in any case, in reading order. */
export function findMatches(segments: readonly SegmentView[], query: string): TextSpan[] {
  const wanted = fold(query.trim().replace(/\s+/g, ' '));
  if (wanted === '') return [];
  const spans: TextSpan[] = [];
  for (const { id, text } of segments) {
    const folded = fold(text);
    for (let from = folded.indexOf(wanted); from >= 0; from = folded.indexOf(wanted, from + wanted.length)) {
      spans.push({ segmentId: id, from, to: from + wanted.length });
    }
  }
  return spans;
}

/** Lower case and plain apostrophes, letter for letter: offsets stay those of the text. */
function fold(text: string): string {
  const lower = text.toLowerCase();
  // A few letters become two in lower case (the Turkish İ): such a text is searched as it stands.
  return (lower.length === text.length ? lower : text).replaceAll('’', "'");
}
