import { LIVE_FRAME_SAMPLES } from '@auscult/contracts';

/** A run of frames as it came: 16-bit samples, channels interleaved. */
export interface Frames {
  readonly first: number;
  readonly frames: number;
  readonly samples: Int16Array;
}

/** Frames `from` to `until` - 1. */
export interface FrameRange {
  readonly from: number;
  readonly until: number;
}

const FULL_SCALE = 32_768;

/** The samples of each channel. */
export function channelsOf(samples: Int16Array, channelCount: number): Int16Array[] {
  const length = samples.length / channelCount;
  return Array.from({ length: channelCount }, (_, channel) => {
    const own = new Int16Array(length);
    for (let at = 0; at < length; at += 1) own[at] = samples[at * channelCount + channel] as number;
    return own;
  });
}

/** As the recogniser takes them: -1 to 1. */
export function toFloats(samples: Int16Array): Float32Array {
  const floats = new Float32Array(samples.length);
  for (let at = 0; at < samples.length; at += 1) floats[at] = (samples[at] as number) / FULL_SCALE;
  return floats;
}

export function silentFrames({ from, until }: FrameRange, channelCount: number): Frames {
  return { first: from, frames: until - from, samples: new Int16Array((until - from) * LIVE_FRAME_SAMPLES * channelCount) };
}

/** The part of the frames that lies in the range; null when nothing does. */
export function cutFrames({ first, frames, samples }: Frames, { from, until }: FrameRange, channelCount: number): Frames | null {
  const start = Math.max(first, from);
  const end = Math.min(first + frames, until);
  if (end <= start) return null;
  const size = LIVE_FRAME_SAMPLES * channelCount;
  return { first: start, frames: end - start, samples: samples.subarray((start - first) * size, (end - first) * size) };
}

/** What Redis gave, as samples: a copy, since the bytes may lie at an odd address. */
export function samplesOf(audio: Uint8Array): Int16Array {
  const copy = new Uint8Array(audio.byteLength - (audio.byteLength % 2));
  copy.set(audio.subarray(0, copy.byteLength));
  return new Int16Array(copy.buffer);
}
