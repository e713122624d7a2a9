import { clock, spokenDuration } from './clock';

describe('clock', () => {
  it.each([
    [0, '0:00'],
    [7_999, '0:07'],
    [751_000, '12:31'],
    [3_723_000, '1:02:03'],
    [-5, '0:00'],
  ])('shows %d ms as %s', (ms, text) => expect(clock(ms)).toBe(text));

  it('keeps the width of a long recording and shows tenths on request', () => {
    expect(clock(7_000, { hours: true })).toBe('0:00:07');
    expect(clock(7_450, { tenths: true })).toBe('0:07.4');
  });
});

describe('spokenDuration', () => {
  it.each([
    [0, '0 seconds'],
    [1_000, '1 second'],
    [751_000, '12 minutes 31 seconds'],
    [3_600_000, '1 hour'],
  ])('says %d ms as %s', (ms, text) => expect(spokenDuration(ms)).toBe(text));
});
