import { PauseListener } from './pause-listener.js';

const frame = (peak: number, at = 40) => new Uint8Array(Int16Array.from({ length: 160 }, (_, i) => (i === at ? -peak : i % 3)).buffer);

function pausesOf(...peaks: number[]): boolean[] {
  const listener = new PauseListener(1);
  return peaks.map((peak) => (listener.hear(frame(peak)), listener.isPause));
}

describe('PauseListener', () => {
  it('hears a pause where it is far softer than the voice was of late, and in the four frames after it', () => {
    expect(pausesOf(8000, 500, 6000, 500, 500, 7000, 6000, 6000, 6000, 6000)).toEqual([false, false, false, false, true, true, true, true, true, false]);
  });

  it('waits for nothing in a long silence, until somebody has spoken again', () => {
    const pauses = pausesOf(8000, ...Array<number>(16).fill(50), 8000, 8000, 8000, 8000, 8000, 50);
    expect(pauses).toEqual([false, false, ...Array<boolean>(12).fill(true), false, false, false, true, true, true, true, false, false]);
  });

  it('hears none before anybody has spoken, nor in steady noise', () => {
    expect(pausesOf(0, 0, 30, 28, 31)).toEqual([false, false, false, false, false]);
  });

  it('gets used to somebody who speaks more softly', () => {
    const peaks = pausesOf(16_000, ...Array<number>(60).fill(1500));
    expect([peaks[2], peaks.at(-1)]).toEqual([true, false]);
  });

  it('takes frames at odd addresses', () => {
    const bytes = new Uint8Array(321);
    bytes.set(frame(5000), 1);
    const listener = new PauseListener(1);
    listener.hear(bytes.subarray(1));
    listener.hear(frame(10));
    listener.hear(frame(10));
    expect(listener.isPause).toBe(true);
  });

  it('hears a pause of one channel while the other goes on', () => {
    const listener = new PauseListener(2);
    const pauses = [[8000, 8000], [8000, 50], [8000, 50], [8000, 50], [50, 8000]].map((peaks) => {
      listener.hear(new Uint8Array(Int16Array.from({ length: 320 }, (_, at) => peaks[at % 2] as number).buffer));
      return listener.isPause;
    });
    expect(pauses).toEqual([false, false, true, true, true]);
  });
});
