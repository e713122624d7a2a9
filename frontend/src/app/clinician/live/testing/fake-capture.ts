import { AudioCapture, type CaptureListener } from '../capture/audio-capture';

/** Devices without sound: a spec decides what they give and when they go away. */
export class FakeCapture {
  readonly done: string[] = [];
  constructor(readonly listener: CaptureListener) {}

  /** Puts itself in the place of the real one; answers the newest that was opened. */
  static install(): () => FakeCapture {
    let last: FakeCapture | null = null;
    jest.spyOn(AudioCapture, 'open').mockImplementation((_channels, listener) => {
      last = new FakeCapture(listener);
      return Promise.resolve(last as unknown as AudioCapture);
    });
    return () => last!;
  }

  connect(channel: number): void {
    this.done.push(`connect ${channel}`);
  }
  go(): Promise<void> {
    this.done.push('go');
    return Promise.resolve();
  }
  hold(): void {
    this.done.push('hold');
  }
  finish(): Promise<void> {
    this.done.push('finish');
    this.listener.audio(new Int16Array(1600));
    return Promise.resolve();
  }
  close(): Promise<void> {
    this.done.push('close');
    return Promise.resolve();
  }
}

/** A stream whose tracks know whether they were stopped. */
export function aStream(): MediaStream & { stopped: () => boolean } {
  let stopped = false;
  const track = { stop: () => (stopped = true) };
  return { getTracks: () => [track], getAudioTracks: () => [track], stopped: () => stopped } as unknown as MediaStream & { stopped: () => boolean };
}
