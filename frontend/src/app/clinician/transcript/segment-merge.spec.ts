import { countWords, keepUnchanged, mergeSegments } from './segment-merge';
import { aSegment } from './testing/samples';

const first = aSegment({ id: 'a', startMs: 0 });
const second = aSegment({ id: 'b', startMs: 2000 });

describe('mergeSegments', () => {
  it('appends, inserts by start and replaces', () => {
    const between = aSegment({ id: 'c', startMs: 1000 });
    expect(mergeSegments([first, second], [between]).map(({ id }) => id)).toEqual(['a', 'c', 'b']);
    const corrected = { ...first, revision: 1, text: 'New' };
    expect(mergeSegments([first, second], [corrected])).toEqual([corrected, second]);
  });

  it('ignores what a newer revision has overtaken', () => {
    const newer = { ...first, revision: 2, text: 'Newer' };
    const known = [newer, second];
    expect(mergeSegments(known, [{ ...first, revision: 1 }])).toBe(known);
  });

  it('is the same list when nothing is new', () => {
    const known = [first];
    expect(mergeSegments(known, [])).toBe(known);
    expect(mergeSegments(known, [first])).toBe(known);
  });

  it('takes the same new segment twice only once', () => {
    expect(mergeSegments([], [first, { ...first }])).toHaveLength(1);
  });

  it('stays sorted for any order of arrival', () => {
    const all = Array.from({ length: 50 }, (_, index) => aSegment({ id: `s${index}`, startMs: (index * 37) % 50 }));
    const merged = all.reduce<readonly (typeof first)[]>((known, segment) => mergeSegments(known, [segment]), []);
    expect(merged.map(({ startMs }) => startMs)).toEqual([...merged.map(({ startMs }) => startMs)].sort((a, b) => a - b));
    expect(merged).toHaveLength(50);
  });
});

describe('keepUnchanged', () => {
  it('keeps known objects, so that their rows are not drawn again', () => {
    const known = [first, second];
    expect(keepUnchanged(known, [{ ...first }, { ...second }])).toBe(known);
    const changed = { ...second, revision: 1, text: 'New' };
    const kept = keepUnchanged(known, [{ ...first }, changed]);
    expect(kept[0]).toBe(first);
    expect(kept[1]).toBe(changed);
    expect(keepUnchanged(known, [{ ...first }])).toEqual([first]);
  });
});

it('counts words as the eye does', () => {
  expect(countWords([aSegment({ text: ' one  two ' }), aSegment({ text: '' }), aSegment({ text: 'three' })])).toBe(3);
});
