/** Relative to the page's base address: a file of its own, the content policy allows no other worklet. */
const WORKLET = 'capture-worklet.js';
const FLUSH_PATIENCE_MS = 1_000;

export interface CaptureListener {
  /** One frame of 100 ms: 16 kHz, 16-bit, channels interleaved. */
  audio(frame: Int16Array): void;
  /** The loudest moment of each channel in the frame, 0 to 1. */
  peaks(peaks: readonly number[]): void;
  /** The device of this channel went away, or sharing was ended. */
  lost(channel: number): void;
  /** The browser stopped all sound of the page (a phone call, another app), or gives it again. */
  interrupted(isInterrupted: boolean): void;
}

type WorkletMessage = { audio: Int16Array; peaks: number[] } | { flushed: true };

/**
 * Frames out of one stream for each channel, all by one clock. A channel without a stream is silent and stays in step. Begins on hold.
 */
export class AudioCapture {
  private readonly inputs: ({ stream: MediaStream; node: MediaStreamAudioSourceNode } | null)[];
  private flushed: (() => void) | null = null;
  private closed = false;

  private constructor(
    private readonly context: AudioContext,
    private readonly worklet: AudioWorkletNode,
    private readonly merger: ChannelMergerNode,
    private readonly listener: CaptureListener,
  ) {
    this.inputs = new Array<null>(merger.numberOfInputs).fill(null);
    worklet.port.onmessage = ({ data }: MessageEvent<WorkletMessage>) => this.hear(data);
    context.onstatechange = () => this.contextChanged();
  }

  static async open(channelCount: number, listener: CaptureListener): Promise<AudioCapture> {
    const context = new AudioContext({ latencyHint: 'balanced' });
    try {
      await context.audioWorklet.addModule(WORKLET);
      const merger = new ChannelMergerNode(context, { numberOfInputs: channelCount });
      const worklet = new AudioWorkletNode(context, 'auscult-capture', {
        numberOfInputs: 1,
        channelCount,
        channelCountMode: 'explicit',
        channelInterpretation: 'discrete',
        processorOptions: { channelCount },
      });
      // Its output is silent; without a way to the loudspeaker a browser would not run it.
      merger.connect(worklet).connect(context.destination);
      return new AudioCapture(context, worklet, merger, listener);
    } catch (error) {
      await context.close();
      throw error;
    }
  }

  /** Takes the channel's sound from this stream from now on; the one before is stopped. */
  connect(channel: number, stream: MediaStream): void {
    this.disconnect(channel);
    const node = new MediaStreamAudioSourceNode(this.context, { mediaStream: stream });
    node.connect(this.merger, 0, channel);
    this.inputs[channel] = { stream, node };
    for (const track of stream.getAudioTracks()) track.onended = () => this.ended(channel, stream);
    // Of one that was unplugged between its opening and now no event comes any more.
    if (stream.getAudioTracks().every(({ readyState }) => readyState === 'ended')) this.ended(channel, stream);
  }

  /** As the browser says: it may run and give nothing all the same. */
  get state(): AudioContextState {
    return this.context.state;
  }

  /** Frames from now on, or as soon as the browser lets the sound run. */
  go(): void {
    this.worklet.port.postMessage('go');
    this.wake();
  }

  /** None from now on; the devices stay open. */
  hold(): void {
    this.worklet.port.postMessage('hold');
  }

  /** Ends with a whole frame, filled up with silence, gives it and lets the devices go. */
  async finish(): Promise<void> {
    if (this.closed) return;
    await new Promise<void>((resolve) => {
      this.flushed = resolve;
      this.worklet.port.postMessage('flush');
      // An interrupted context answers nothing: at most a tenth of a second of sound is in it.
      setTimeout(resolve, FLUSH_PATIENCE_MS);
    });
    this.close();
  }

  close(): void {
    for (const stream of this.release()) stream?.getTracks().forEach((track) => track.stop());
  }

  /** Closes and leaves the devices open, for another capture to take over: their streams by channel. */
  release(): (MediaStream | null)[] {
    if (this.closed) return [];
    this.closed = true;
    this.context.onstatechange = null;
    this.worklet.port.onmessage = null;
    const streams = this.inputs.map((_, channel) => this.unplug(channel));
    // One that hangs may never answer.
    void this.context.close().catch(() => undefined);
    return streams;
  }

  private disconnect(channel: number): void {
    this.unplug(channel)?.getTracks().forEach((track) => track.stop());
  }

  private unplug(channel: number): MediaStream | null {
    const input = this.inputs[channel];
    if (!input) return null;
    this.inputs[channel] = null;
    input.node.disconnect();
    for (const track of input.stream.getTracks()) track.onended = null;
    return input.stream;
  }

  private ended(channel: number, stream: MediaStream): void {
    if (this.inputs[channel]?.stream !== stream) return;
    this.disconnect(channel);
    this.listener.lost(channel);
  }

  private hear(message: WorkletMessage): void {
    if ('flushed' in message) return this.flushed?.();
    this.listener.audio(message.audio);
    this.listener.peaks(message.peaks);
  }

  private contextChanged(): void {
    if (this.closed) return;
    this.listener.interrupted(this.context.state !== 'running');
    // Browsers that stop a page's sound for a call do not always give it back by themselves.
    this.wake();
  }

  /**
   * Not while it is `interrupted`: WebKit refuses that, or lets the context run with a clock that stands still. What becomes of it, its state says.
   */
  private wake(): void {
    if (this.context.state === 'suspended') void this.context.resume().catch(() => undefined);
  }
}
