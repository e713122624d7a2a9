import { SAMPLE_RATE } from '../audio/opened-audio.js';
import type { Waveform } from './transcription-event.js';

const FINEST_BIN_MS = 20;
/** When there are this many bins, pairs become one: a waveform of any length stays this small. */
const MOST_BINS = 16_384;

/** Gathers the waveform of a recording of unknown length in constant memory. */
export class WaveformPeaks {
  private binMs = FINEST_BIN_MS;
  private readonly channels: { peaks: Uint8Array; bins: number; filled: number; peak: number }[];

  constructor(channelCount: number) {
    this.channels = Array.from({ length: channelCount }, () => ({ peaks: new Uint8Array(MOST_BINS), bins: 0, filled: 0, peak: 0 }));
  }

  /** The next samples of every channel, of equal length. */
  add(frames: readonly Float32Array[]): void {
    for (let from = 0; from < (frames[0]?.length ?? 0); ) {
      const binSamples = (this.binMs * SAMPLE_RATE) / 1000;
      const to = from + binSamples - (this.channels[0]?.filled ?? 0);
      this.channels.forEach((channel, index) => {
        const part = frames[index]?.subarray(from, to) ?? new Float32Array(0);
        channel.peak = Math.max(channel.peak, largest(part));
        channel.filled += part.length;
        if (channel.filled >= binSamples) this.closeBin(channel);
      });
      if ((this.channels[0]?.bins ?? 0) >= MOST_BINS) this.coarsen();
      from = to;
    }
  }

  finish(): Waveform {
    for (const channel of this.channels) if (channel.filled > 0) this.closeBin(channel);
    return { binMs: this.binMs, peaks: this.channels.map(({ peaks, bins }) => peaks.slice(0, bins)) };
  }

  private closeBin(channel: { peaks: Uint8Array; bins: number; filled: number; peak: number }): void {
    channel.peaks[channel.bins] = Math.min(255, Math.round(channel.peak * 255));
    channel.bins += 1;
    channel.filled = 0;
    channel.peak = 0;
  }

  private coarsen(): void {
    this.binMs *= 2;
    for (const channel of this.channels) {
      channel.bins /= 2;
      for (let i = 0; i < channel.bins; i += 1) {
        channel.peaks[i] = Math.max(channel.peaks[2 * i] as number, channel.peaks[2 * i + 1] as number);
      }
    }
  }
}

/** An indexed loop: iterators cost ten times as much, on every sample of every recording. */
function largest(samples: Float32Array): number {
  let most = 0;
  for (let i = 0; i < samples.length; i += 1) {
    const size = Math.abs(samples[i] as number);
    if (size > most) most = size;
  }
  return most;
}
