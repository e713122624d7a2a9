import { lastStartedBy, placedWords, segmentAt, wordAt, wordAtOffset } from './words';

const segment = (text: string, words: [string, number, number][], startMs = 0, endMs = 4000) => ({
  text, startMs, endMs, words: words.map(([word, start, end]) => ({ text: word, startMs: start, endMs: end })),
});

describe('placedWords', () => {
  it('finds each word in its text, the same word twice too', () => {
    const placed = placedWords(segment('“No, no,” she said.', [['No,', 0, 300], ['no,', 400, 700], ['she', 900, 1000], ['said.', 1000, 1400]]));
    expect(placed.map(({ from, to }) => [from, to])).toEqual([[1, 4], [5, 8], [10, 13], [14, 19]]);
    expect(placed[1]?.startMs).toBe(400);
  });

  it('finds words without their marks', () => {
    const placed = placedWords(segment('Well — yes.', [['Well', 0, 300], ['yes', 400, 700]]));
    expect(placed.map(({ from, to }) => [from, to])).toEqual([[0, 4], [7, 10]]);
  });

  it.each([
    ['a word was put in', 'I really feel well', [['I', 0, 1], ['feel', 2, 3], ['well', 3, 4]]],
    ['a word was taken out', 'I well', [['I', 0, 1], ['feel', 2, 3], ['well', 3, 4]]],
    ['words were put at the end', 'I feel well today', [['I', 0, 1], ['feel', 2, 3], ['well', 3, 4]]],
    ['there are no words', 'I feel', []],
  ] as [string, string, [string, number, number][]][])('shares the time by length when %s', (_name, text, words) => {
    const placed = placedWords(segment(text, words, 1000, 3000));
    expect(placed.map(({ from, to }) => text.slice(from, to))).toEqual(text.split(' '));
    expect(placed[0]?.startMs).toBe(1000);
    expect(placed.at(-1)?.endMs).toBe(3000);
    for (let index = 1; index < placed.length; index += 1) expect(placed[index]?.startMs).toBe(placed[index - 1]?.endMs);
  });

  it('has no words in an empty text', () => expect(placedWords(segment('', []))).toEqual([]));
});

describe('lookup by time', () => {
  const items = [{ startMs: 100, endMs: 200 }, { startMs: 300, endMs: 2000 }, { startMs: 500, endMs: 600 }, { startMs: 5000, endMs: 6000 }];

  it('agrees with a linear search at every millisecond', () => {
    for (let ms = 0; ms < 7000; ms += 50) {
      const linear = items.reduce((last, item, index) => (item.startMs <= ms ? index : last), -1);
      expect(lastStartedBy(items, ms)).toBe(linear);
    }
  });

  it('prefers who began last, and returns to the longer utterance around an interjection', () => {
    expect(segmentAt(items, 50)).toBe(-1);
    expect(segmentAt(items, 150)).toBe(0);
    expect(segmentAt(items, 550)).toBe(2);
    expect(segmentAt(items, 700)).toBe(1);
  });

  it('lingers in a pause and lets go in silence', () => {
    expect(segmentAt(items, 2300)).toBe(1);
    expect(segmentAt(items, 4000)).toBe(-1);
  });

  it('finds the word that is heard', () => {
    const words = placedWords(segment('one two', [['one', 100, 300], ['two', 300, 500]]));
    expect([50, 100, 299, 300, 900, 1500].map((ms) => wordAt(words, ms))).toEqual([-1, 0, 0, 1, 1, -1]);
  });
});

describe('wordAtOffset', () => {
  const words = placedWords(segment('“one two”', [['one', 0, 1], ['two', 1, 2]]));
  it.each([[0, 1], [2, 1], [4, 1], [5, 5], [9, 5]])('takes the word for offset %d', (offset, from) => {
    expect(wordAtOffset(words, offset)?.from).toBe(from);
  });
  it('knows nothing of an empty text', () => expect(wordAtOffset([], 0)).toBeUndefined());
});
