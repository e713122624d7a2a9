import { dateGroup, relativeDate } from './dates';
import { fileSize } from './sizes';
import { timeLeft } from './time-left';

const now = new Date(2026, 10, 22, 14, 30);
const at = (month: number, day: number, hour = 9, minute = 5) => new Date(2026, month, day, hour, minute).toISOString();

describe('relativeDate', () => {
  it('counts minutes, then names the day', () => {
    expect(relativeDate(at(10, 22, 14, 30), now)).toBe('Just now');
    expect(relativeDate(at(10, 22, 14, 25), now)).toBe('5 min ago');
    expect(relativeDate(at(10, 22), now)).toMatch(/^Today, /);
    expect(relativeDate(at(10, 21, 23, 59), now)).toMatch(/^Yesterday, /);
    expect(relativeDate(at(10, 3), now)).toContain('Nov');
    expect(relativeDate(new Date(2024, 0, 5).toISOString(), now)).toContain('2024');
  });

  it('calls a clock that is ahead just now', () => {
    expect(relativeDate(at(10, 22, 14, 32), now)).toBe('Just now');
  });
});

describe('dateGroup', () => {
  it.each([
    [at(10, 22, 0, 1), 'Today'],
    [at(10, 21, 23, 59), 'Yesterday'],
    [at(10, 16), 'The last seven days'],
    [at(10, 15), 'November 2026'],
    [at(8, 30), 'September 2026'],
  ])('puts %s under %s', (iso, group) => expect(dateGroup(iso, now)).toBe(group));
});

describe('fileSize', () => {
  it.each([
    [0, '0 bytes'],
    [999, '999 bytes'],
    [12_440_000, '12.4 MB'],
    [999_600_000, '1.0 GB'],
    [4_294_967_296, '4.3 GB'],
    [240_000_000, '240 MB'],
  ])('shows %d as %s', (bytes, text) => expect(fileSize(bytes)).toBe(text));
});

describe('timeLeft', () => {
  it.each([
    [2, 'a few seconds left'],
    [21, 'about 25 s left'],
    [61, 'about 2 min left'],
    [5400, 'about 1.5 h left'],
  ])('says %d s as %s', (seconds, text) => expect(timeLeft(seconds)).toBe(text));
});
