import { Injectable, signal } from '@angular/core';
import type { KeptSession } from '../spool/session-shelf';

/** Quieter is not speech: about -42 dB of full scale, with the browser's gain control on. */
const SPEECH = 0.008;
/** What a muted or broken device gives: nothing, but for rounding. */
const NOTHING = 0.0003;
/** In frames of 100 ms. A patient may well think for a minute; a device that gives nothing at all is soon told. */
const QUIET_FRAMES = 450;
const DEAD_FRAMES: Record<KeptSession['source'], readonly number[]> = { room: [50], telehealth: [50, 600] };
/** How much of a peak is left after 100 ms: the meter falls as the eye expects. */
const FALL = 0.7;

/** `dead`: these channels give nothing at all. `quiet`: nobody was heard for a while. */
export type SoundWarning = { kind: 'dead'; channels: readonly number[] } | { kind: 'quiet' };

/** How loud each channel is, and what to worry about. Counts frames, not seconds: paused time is nothing. */
@Injectable()
export class SoundLevels {
  private readonly shown = signal<readonly number[]>([0]);
  private readonly worry = signal<SoundWarning | null>(null);
  private source: KeptSession['source'] = 'room';
  private nothing: number[] = [0];
  private unspoken = 0;
  /** For a meter, 0 to 1, by loudness as ears hear it: -50 dB is 0, full scale is 1. */
  readonly meters = this.shown.asReadonly();
  readonly warning = this.worry.asReadonly();

  begin(source: KeptSession['source']): void {
    this.source = source;
    this.nothing = DEAD_FRAMES[source].map(() => 0);
    this.shown.set(this.nothing);
    this.unspoken = 0;
    this.worry.set(null);
  }

  take(peaks: readonly number[]): void {
    this.shown.update((before) => peaks.map((peak, channel) => Math.max(meterOf(peak), (before[channel] ?? 0) * FALL)));
    this.unspoken = peaks.some((peak) => peak >= SPEECH) ? 0 : this.unspoken + 1;
    this.nothing = peaks.map((peak, channel) => (peak > NOTHING ? 0 : (this.nothing[channel] ?? 0) + 1));
    this.judge();
  }

  /** Another device: it gets its own time to be heard. */
  heardAgain(channel: number): void {
    this.nothing[channel] = 0;
    this.unspoken = 0;
    this.judge();
  }

  /** Nothing is recorded now. */
  quietDown(): void {
    this.shown.update((before) => before.map(() => 0));
    this.unspoken = 0;
    this.nothing.fill(0);
    this.worry.set(null);
  }

  private judge(): void {
    const channels = this.nothing.flatMap((frames, channel) => (frames >= (DEAD_FRAMES[this.source][channel] ?? Infinity) ? [channel] : []));
    const worry: SoundWarning | null = channels.length > 0 ? { kind: 'dead', channels } : this.unspoken >= QUIET_FRAMES ? { kind: 'quiet' } : null;
    this.worry.update((before) => (JSON.stringify(before) === JSON.stringify(worry) ? before : worry));
  }
}

function meterOf(peak: number): number {
  if (peak <= 0) return 0;
  return Math.min(1, Math.max(0, 1 + (20 * Math.log10(peak)) / 50));
}
