import { WAV_HEADER_BYTES, wavHeader } from '../pcm-wav.js';

/** What a sound must be, kept in memory by the simplest means, for comparison. */
export class FormerSound {
  private readonly samples: Int16Array[];

  constructor(channelCount: number, length: number) {
    this.samples = Array.from({ length: channelCount }, () => new Int16Array(length));
  }

  write(channel: number, at: number, samples: Int16Array): void {
    this.samples[channel]?.set(samples, at);
  }

  silence(from: number, until: number): void {
    for (const samples of this.samples) samples.fill(0, from, until);
  }

  channels(length: number): Int16Array[] {
    return this.samples.map((samples) => samples.subarray(0, length));
  }
}

/** A whole WAV file, sample by sample. */
export function wavOfChannels(channels: readonly Int16Array[]): Buffer {
  const length = channels[0]?.length ?? 0;
  const file = Buffer.alloc(WAV_HEADER_BYTES + 2 * length * channels.length);
  wavHeader(channels.length, length).copy(file);
  for (let at = 0; at < length; at++) {
    channels.forEach((samples, channel) => file.writeInt16LE(samples[at] ?? 0, WAV_HEADER_BYTES + 2 * (at * channels.length + channel)));
  }
  return file;
}
