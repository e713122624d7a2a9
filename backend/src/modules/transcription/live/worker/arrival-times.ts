import { LIVE_FRAME_MS } from '@auscult/contracts';

/** When each frame that is not stored yet was read, to tell how long words took. Monotonic milliseconds. */
export class ArrivalTimes {
  private readonly times = new Map<number, number>();

  read(first: number, frames: number, at = performance.now()): void {
    for (let frame = first; frame < first + frames; frame += 1) this.times.set(frame, at);
  }

  /** Seconds since the sound at this moment of the recording was read; null when that is not known any more. */
  secondsSince(ms: number): number | null {
    const at = this.times.get(Math.max(0, Math.ceil(ms / LIVE_FRAME_MS) - 1));
    return at === undefined ? null : (performance.now() - at) / 1000;
  }

  forgetBefore(frame: number): void {
    for (const known of this.times.keys()) {
      if (known >= frame) return;
      this.times.delete(known);
    }
  }
}
