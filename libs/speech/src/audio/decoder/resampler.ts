import { AV_CHANNEL_LAYOUT_MONO, AV_CHANNEL_LAYOUT_STEREO, AV_CHANNEL_ORDER_UNSPEC, AV_SAMPLE_FMT_FLT, type AVSampleFormat } from 'node-av/constants';
import { type ChannelLayout, type Frame, SoftwareResampleContext } from 'node-av/lib';
import { SAMPLE_RATE } from '../opened-audio.js';

const BYTES_PER_SAMPLE = 4;

/** Brings decoded frames to 16 kHz and one or two interleaved channels; follows a format that changes midway. */
export class Resampler {
  private context: SoftwareResampleContext | null = null;
  private inputFormat = '';

  constructor(private readonly channels: 1 | 2) {}

  convert(frame: Frame): Float32Array {
    this.prepare(frame);
    return this.run(frame.extendedData ?? frame.data, frame.nbSamples);
  }

  /** What the filter still holds. */
  drain(): Float32Array {
    return this.context ? this.run(null, 0) : new Float32Array(0);
  }

  private prepare(frame: Frame): void {
    const format = `${frame.sampleRate} ${frame.format} ${frame.channels} ${frame.channelLayout.mask}`;
    if (format === this.inputFormat) return;
    this.context?.free();
    this.inputFormat = format;
    const context = new SoftwareResampleContext();
    const output = this.channels === 2 ? AV_CHANNEL_LAYOUT_STEREO : AV_CHANNEL_LAYOUT_MONO;
    context.allocSetOpts2(output, AV_SAMPLE_FMT_FLT, SAMPLE_RATE, knownLayout(frame), frame.format as AVSampleFormat, frame.sampleRate);
    // Without an initialised context this frame is dropped, and the caller counts it as unreadable.
    this.context = context.init() < 0 ? null : context;
  }

  private run(data: Buffer[] | null, samples: number): Float32Array {
    if (!this.context) return new Float32Array(0);
    const room = this.context.getOutSamples(samples);
    if (room <= 0) return new Float32Array(0);
    const output = Buffer.from(new ArrayBuffer(room * this.channels * BYTES_PER_SAMPLE));
    const count = this.context.convertSync([output], room, data, samples);
    return new Float32Array(output.buffer, 0, Math.max(0, count) * this.channels);
  }
}

/** WAV and raw formats may give a number of channels without saying which is which. */
function knownLayout(frame: Frame): ChannelLayout {
  const layout = frame.channelLayout;
  if (layout.order !== AV_CHANNEL_ORDER_UNSPEC) return layout;
  if (frame.channels === 2) return AV_CHANNEL_LAYOUT_STEREO;
  return frame.channels === 1 ? AV_CHANNEL_LAYOUT_MONO : layout;
}
