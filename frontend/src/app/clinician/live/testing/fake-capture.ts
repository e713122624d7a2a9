import { AudioCapture, type CaptureListener } from '../capture/audio-capture';

/** Devices without sound: a spec decides what they give and when they go away. */
export class FakeCapture {
  readonly done: string[] = [];
  state: AudioContextState = 'running';
  private readonly streams: MediaStream[] = [];
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

  connect(channel: number, stream: MediaStream): void {
    this.done.push(`connect ${channel}`);
    this.streams[channel] = stream;
    if (stream.getAudioTracks().every(({ readyState }) => readyState === 'ended')) this.listener.lost(channel);
  }
  go(): void {
    this.done.push('go');
  }
  hold(): void {
    this.done.push('hold');
  }
  finish(): Promise<void> {
    this.done.push('finish');
    this.listener.audio(new Int16Array(1600));
    return Promise.resolve();
  }
  close(): void {
    this.done.push('close');
  }
  release(): (MediaStream | null)[] {
    this.done.push('release');
    return this.streams;
  }
}

/** A stream whose tracks know whether they were stopped. */
export function aStream(readyState: MediaStreamTrackState = 'live'): MediaStream & { stopped: () => boolean } {
  let stopped = false;
  const track = { stop: () => (stopped = true), readyState };
  return { getTracks: () => [track], getAudioTracks: () => [track], stopped: () => stopped } as unknown as MediaStream & { stopped: () => boolean };
}
