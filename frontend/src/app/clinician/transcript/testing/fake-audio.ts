/** An audio element without sound: a spec decides what it loads and how time goes by. */
export class FakeAudio extends EventTarget {
  static made: FakeAudio[] = [];
  static get last(): FakeAudio {
    return FakeAudio.made.at(-1)!;
  }

  preload = '';
  playbackRate = 1;
  defaultPlaybackRate = 1;
  readyState = 0;
  duration = Number.NaN;
  ended = false;
  seeking = false;
  paused = true;
  error: { code: number } | null = null;
  loads: string[] = [];
  private time = 0;

  constructor() {
    super();
    FakeAudio.made.push(this);
  }

  get currentTime(): number {
    return this.time;
  }
  set currentTime(seconds: number) {
    this.time = seconds;
  }
  set src(url: string) {
    this.loads.push(url);
    this.error = null;
    this.readyState = 4;
    this.duration = 600;
    this.dispatchEvent(new Event('durationchange'));
  }
  play(): Promise<void> {
    this.paused = false;
    this.dispatchEvent(new Event('playing'));
    return Promise.resolve();
  }
  pause(): void {
    if (this.paused) return;
    this.paused = true;
    this.dispatchEvent(new Event('pause'));
  }
  load(): void {
    this.readyState = 0;
  }
  removeAttribute(): void {
    this.loads.push('');
  }
  fail(code: number): void {
    this.error = { code };
    this.dispatchEvent(new Event('error'));
  }
}
