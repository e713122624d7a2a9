import { FakeCapture, aStream } from '../testing/fake-capture';
import { WatchedCapture } from './watched-capture';

describe('WatchedCapture', () => {
  const listener = { audio: jest.fn(), peaks: jest.fn(), lost: jest.fn(), interrupted: jest.fn(), missing: jest.fn() };
  let capture: () => FakeCapture;
  let watched: WatchedCapture;
  const frames = (count: number): void => {
    for (let frame = 0; frame < count; frame += 1) {
      jest.advanceTimersByTime(100);
      capture().listener.audio(new Int16Array(1600));
    }
  };

  beforeEach(async () => {
    jest.useFakeTimers();
    jest.clearAllMocks();
    capture = FakeCapture.install();
    watched = await WatchedCapture.open(1, listener);
    watched.connect(0, aStream());
    watched.go();
  });
  afterEach(() => {
    watched.close();
    jest.restoreAllMocks();
    jest.useRealTimers();
  });

  it('says nothing while frames come, nor while none is wanted', async () => {
    frames(100);
    watched.hold();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(listener.missing).not.toHaveBeenCalled();
  });

  it('tells when no frame comes, since when, and when they come again', async () => {
    frames(10);
    const since = Date.now();
    await jest.advanceTimersByTimeAsync(4_000);
    expect(listener.missing.mock.calls).toEqual([[since]]);
    frames(1);
    expect(listener.missing).toHaveBeenLastCalledWith(null);
    await jest.advanceTimersByTimeAsync(4_000);
    expect(listener.missing).toHaveBeenCalledTimes(3);
  });

  it('is not misled by a computer that has slept', () => {
    frames(10);
    jest.setSystemTime(Date.now() + 3_600_000);
    jest.advanceTimersByTime(1_000);
    frames(10);
    expect(listener.missing).not.toHaveBeenCalled();
  });

  it('opens the sound anew on the same devices, once by itself, where it claims to run', async () => {
    const silent = capture();
    await jest.advanceTimersByTimeAsync(4_000);
    expect(silent.done).toEqual(['connect 0', 'go', 'release']);
    expect(capture()).not.toBe(silent);
    expect(capture().done).toEqual(['connect 0', 'go']);
    const second = capture();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(capture()).toBe(second);
    await watched.renew();
    expect(capture()).not.toBe(second);
    frames(1);
    expect(listener.missing).toHaveBeenLastCalledWith(null);
  });

  it('waits for a press where the browser lets no sound run', async () => {
    const silent = capture();
    silent.state = 'suspended';
    await jest.advanceTimersByTimeAsync(4_000);
    expect(listener.missing).toHaveBeenCalled();
    expect(capture()).toBe(silent);
  });

  it('expects nothing during an interruption, and frames after it', async () => {
    capture().listener.interrupted(true);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(listener.missing).not.toHaveBeenCalled();
    capture().listener.interrupted(false);
    await jest.advanceTimersByTimeAsync(4_000);
    expect(listener.missing).toHaveBeenCalledTimes(1);
  });
});
