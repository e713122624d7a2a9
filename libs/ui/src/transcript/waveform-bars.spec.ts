import { barHeights, barPath } from './waveform-bars';

describe('barHeights', () => {
  it('takes the largest peak under each bar and fills the height', () => {
    const [bars] = barHeights([[0, 10, 255, 3, 0, 0]], 3);
    expect(bars?.map((bar) => Math.round(bar * 100))).toEqual([13, 100, 0]);
  });

  it('keeps the loudness between channels and never turns a faint noise into a loud one', () => {
    const [loud, quiet] = barHeights([[255, 255], [25, 25]], 2);
    expect(loud?.[0]).toBe(1);
    expect(quiet?.[0]).toBeLessThan(0.3);
    expect(barHeights([[2]], 1)[0]?.[0]).toBeLessThan(0.2);
  });

  it('draws more bars than there are bins', () => {
    expect(barHeights([[255, 0]], 4)[0]).toEqual([1, 1, 0, 0]);
  });
});

describe('barPath', () => {
  it('grows apart from the middle', () => {
    expect(barPath([1], { height: 40, direction: 'up' })).toBe('M1.5 18.5v-17.5');
    expect(barPath([1], { height: 40, direction: 'down' })).toBe('M1.5 21.5v17.5');
    expect(barPath([0, 1], { height: 40, direction: 'both' })).toBe('M1.5 19.3v1.5M4.5 1v38');
  });
});
