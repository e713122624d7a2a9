import { AudioCapture, type CaptureListener } from './audio-capture';
import { FrameWatch } from './frame-watch';

export interface WatchedListener extends CaptureListener {
  /** No frame has come since that moment, as Date.now() gives it, though the devices are open; null: they come again. */
  missing(since: number | null): void;
}

/**
 * A capture that notices when nothing comes out of it. After a phone call a browser may say that its sound runs while its clock stands still: then a new
 * one is opened on the same devices, once by itself.
 */
export class WatchedCapture {
  private capture: AudioCapture | null = null;
  private building: Promise<void> | null = null;
  private readonly watch = new FrameWatch((since) => this.nothingComes(since));
  private going = false;
  private isInterrupted = false;
  private isMissing = false;
  private closed = false;

  private constructor(
    private readonly channelCount: number,
    private readonly listener: WatchedListener,
  ) {}

  static async open(channelCount: number, listener: WatchedListener): Promise<WatchedCapture> {
    const watched = new WatchedCapture(channelCount, listener);
    await watched.renew();
    return watched;
  }

  connect(channel: number, stream: MediaStream): void {
    this.capture?.connect(channel, stream);
  }

  go(): void {
    this.going = true;
    this.capture?.go();
    this.expect();
  }

  hold(): void {
    this.going = false;
    this.capture?.hold();
    this.expect();
  }

  /** Opens the sound anew on the same devices. */
  renew(): Promise<void> {
    this.building ??= this.build().finally(() => (this.building = null));
    return this.building;
  }

  async finish(): Promise<void> {
    this.closed = true;
    this.watch.end();
    await this.capture?.finish();
  }

  close(): void {
    this.closed = true;
    this.watch.end();
    this.capture?.close();
  }

  private async build(): Promise<void> {
    const capture = await AudioCapture.open(this.channelCount, this.heardBy());
    if (this.closed) return capture.close();
    const streams = this.capture?.release() ?? [];
    this.capture = capture;
    streams.forEach((stream, channel) => stream && capture.connect(channel, stream));
    if (this.going) capture.go();
    // What the old one said of itself is over; the new one says when it is stopped as well.
    if (this.isInterrupted) this.interrupted(false);
    else this.expect();
  }

  private heardBy(): CaptureListener {
    return {
      audio: (frame) => {
        this.watch.heard();
        if (this.isMissing) this.foundAgain();
        this.listener.audio(frame);
      },
      peaks: (peaks) => this.listener.peaks(peaks),
      lost: (channel) => this.listener.lost(channel),
      interrupted: (isInterrupted) => this.interrupted(isInterrupted),
    };
  }

  private interrupted(isInterrupted: boolean): void {
    this.isInterrupted = isInterrupted;
    this.listener.interrupted(isInterrupted);
    this.expect();
  }

  private expect(): void {
    if (this.going && !this.isInterrupted) this.watch.begin();
    else this.watch.end();
  }

  private nothingComes(since: number): void {
    const isFirst = !this.isMissing;
    this.isMissing = true;
    this.listener.missing(since);
    // One that does not even run waits for a press of the person; a new one would wait as well.
    if (isFirst && this.capture?.state === 'running') void this.renew().catch(() => undefined);
  }

  private foundAgain(): void {
    this.isMissing = false;
    this.listener.missing(null);
    this.expect();
  }
}
