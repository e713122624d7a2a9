import { LIVE_FRAME_SAMPLES, LIVE_SAMPLE_RATE } from '@auscult/contracts';
import { type Waveform, WaveformPeaks } from '@auscult/speech';
import type { PcmAudio } from '../../../storage/index.js';
import { toFloats } from './frames.js';

const BLOCK_SAMPLES = 30 * LIVE_SAMPLE_RATE;

/** Reads a whole recording back, as it is stored, and draws it. */
export async function waveformOf(audio: PcmAudio, recordingId: string, channelCount: number, frames: number, signal: AbortSignal): Promise<Waveform> {
  const peaks = new WaveformPeaks(channelCount);
  const end = frames * LIVE_FRAME_SAMPLES;
  for (let from = 0; from < end; from += BLOCK_SAMPLES) {
    signal.throwIfAborted();
    const until = Math.min(end, from + BLOCK_SAMPLES);
    const channels = Array.from({ length: channelCount }, (_, channel) => audio.read(recordingId, channel, from, until));
    peaks.add((await Promise.all(channels)).map(toFloats));
  }
  return peaks.finish();
}
