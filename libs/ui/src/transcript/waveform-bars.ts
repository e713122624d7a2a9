/** A bar and its gap, in CSS pixels. */
export const BAR_PX = 3;
/** Quiet recordings are drawn at most this much louder than they are. */
const MAX_GAIN = 6;
/** Evens out loud and quiet speech: the ear hears the logarithm, a drawing of plain amplitudes shows spikes only. */
const GAMMA = 0.62;

/**
 * Heights of `count` bars, 0 to 1, one list for each channel: the largest peak under each bar, all channels with one gain.
 * Peaks are 0 to 255.
 */
export function barHeights(peaks: readonly (readonly number[])[], count: number): number[][] {
  const loudest = peaks.reduce((most, channel) => channel.reduce((a, b) => (b > a ? b : a), most), 1);
  const gain = Math.min(MAX_GAIN, 255 / loudest) / 255;
  return peaks.map((channel) => {
    const perBar = channel.length / count;
    return Array.from({ length: count }, (_, bar) => {
      const from = Math.floor(bar * perBar);
      const to = Math.max(from + 1, Math.floor((bar + 1) * perBar));
      let peak = 0;
      for (let index = from; index < to && index < channel.length; index += 1) peak = Math.max(peak, channel[index] ?? 0);
      return Math.min(1, peak * gain) ** GAMMA;
    });
  });
}

export interface BarPathOptions {
  /** Height of the whole drawing in CSS pixels. */
  height: number;
  /** `up`: from the middle upwards, `down`: downwards, `both`: around the middle. */
  direction: 'up' | 'down' | 'both';
}

/** An SVG path of upright strokes. Two channels grow apart from the middle, with a gap between them. */
export function barPath(heights: readonly number[], { height, direction }: BarPathOptions): string {
  const middle = height / 2;
  const room = direction === 'both' ? middle - 1 : middle - 2.5;
  return heights
    .map((share, bar) => {
      const length = Math.max(0.75, share * room);
      const x = bar * BAR_PX + BAR_PX / 2;
      if (direction === 'both') return `M${x} ${round(middle - length)}v${round(2 * length)}`;
      return direction === 'up' ? `M${x} ${round(middle - 1.5)}v${round(-length)}` : `M${x} ${round(middle + 1.5)}v${round(length)}`;
    })
    .join('');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
