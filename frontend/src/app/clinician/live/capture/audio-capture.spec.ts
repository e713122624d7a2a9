import { aStream } from '../testing/fake-capture';
import { AudioCapture } from './audio-capture';

/** A browser's sound of which a spec decides the state; writes down what is asked of it. */
class FakeContext {
  static last: FakeContext;
  static asked: string[] = [];
  state: AudioContextState = 'suspended';
  onstatechange: (() => void) | null = null;
  readonly destination = {};
  readonly audioWorklet = { addModule: () => Promise.resolve() };
  constructor() {
    FakeContext.last = this;
  }
  resume(): Promise<void> {
    FakeContext.asked.push('resume');
    return Promise.reject(new DOMException('Not now', 'InvalidStateError'));
  }
  close(): Promise<void> {
    FakeContext.asked.push('close');
    return Promise.resolve();
  }
  become(state: AudioContextState): void {
    this.state = state;
    this.onstatechange?.();
  }
}
class FakeNode {
  readonly port = { onmessage: null, postMessage: (message: string) => FakeContext.asked.push(message) };
  readonly numberOfInputs = 1;
  connect = (next: unknown) => next;
  disconnect = () => undefined;
}

describe('AudioCapture', () => {
  const listener = { audio: jest.fn(), peaks: jest.fn(), lost: jest.fn(), interrupted: jest.fn() };
  const unhandled = jest.fn();

  beforeEach(() => {
    jest.clearAllMocks();
    FakeContext.asked = [];
    Object.assign(globalThis, { AudioContext: FakeContext, AudioWorkletNode: FakeNode, ChannelMergerNode: FakeNode, MediaStreamAudioSourceNode: FakeNode });
    process.on('unhandledRejection', unhandled);
  });
  afterEach(() => void process.off('unhandledRejection', unhandled));
  const later = () => new Promise((resolve) => setTimeout(resolve, 5));

  it('wakes sound that the browser has put to sleep, and leaves alone what is interrupted by the system', async () => {
    await AudioCapture.open(1, listener);
    FakeContext.last.become('interrupted');
    expect(listener.interrupted).toHaveBeenLastCalledWith(true);
    expect(FakeContext.asked).toEqual([]);
    FakeContext.last.become('suspended');
    expect(FakeContext.asked).toEqual(['resume']);
    FakeContext.last.become('running');
    expect(listener.interrupted).toHaveBeenLastCalledWith(false);
    await later();
    expect(unhandled).not.toHaveBeenCalled();
  });

  it('wants frames first and wakes the sound then: a refusal is no error of the page', async () => {
    const capture = await AudioCapture.open(1, listener);
    capture.go();
    expect(FakeContext.asked).toEqual(['go', 'resume']);
    FakeContext.last.become('interrupted');
    capture.go();
    expect(FakeContext.asked).toEqual(['go', 'resume', 'go']);
    await later();
    expect(unhandled).not.toHaveBeenCalled();
  });

  it('tells at once of a device that was gone before it was connected', async () => {
    const capture = await AudioCapture.open(1, listener);
    capture.connect(0, aStream());
    expect(listener.lost).not.toHaveBeenCalled();
    capture.connect(0, aStream('ended'));
    expect(listener.lost).toHaveBeenCalledWith(0);
  });

  it('hands its devices over open, and stops them when it is closed', async () => {
    const [first, second] = [aStream(), aStream()];
    const capture = await AudioCapture.open(1, listener);
    capture.connect(0, first);
    expect(capture.release()).toEqual([first]);
    expect(first.stopped()).toBe(false);
    const another = await AudioCapture.open(1, listener);
    another.connect(0, second);
    another.close();
    expect(second.stopped()).toBe(true);
    expect(FakeContext.asked).toEqual(['close', 'close']);
  });
});
