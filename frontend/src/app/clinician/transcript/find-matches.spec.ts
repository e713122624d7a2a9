import type { SegmentView } from '@auscult/contracts';
import { findMatches } from './find-matches';
import { aSegment } from './testing/samples';

const segments: SegmentView[] = [aSegment({ id: 'a', text: 'I don’t know. I DON’T.' }), aSegment({ id: 'b', text: 'Nothing' }), aSegment({ id: 'c', text: 'İ know' })];

describe('findMatches', () => {
  it('finds every place in any case, also with a plain apostrophe', () => {
    expect(findMatches(segments, "don't")).toEqual([
      { segmentId: 'a', from: 2, to: 7 },
      { segmentId: 'a', from: 16, to: 21 },
    ]);
  });

  it('keeps offsets in texts whose letters change their number in lower case', () => {
    expect(findMatches(segments, 'know').map(({ segmentId, from }) => [segmentId, from])).toEqual([['a', 8], ['c', 2]]);
  });

  it('finds nothing for spaces, and does not overlap', () => {
    expect(findMatches(segments, '  ')).toEqual([]);
    expect(findMatches([aSegment({ text: 'aaaa' })], 'aa')).toHaveLength(2);
  });
});
