import { nextRate, storeRate, storedRate } from './playback-rate';

describe('playback rate', () => {
  it('steps through the speeds and stays at the ends', () => {
    expect([nextRate(1, 1), nextRate(1, -1), nextRate(3, 1), nextRate(0.5, -1)]).toEqual([1.25, 0.75, 3, 0.5]);
  });

  it('remembers a speed that is on offer and forgets nonsense', () => {
    storeRate(1.5);
    expect(storedRate()).toBe(1.5);
    localStorage.setItem('auscult.playback-rate', '99');
    expect(storedRate()).toBe(1);
  });
});
