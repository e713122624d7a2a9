import { LIVE_FRAME_SAMPLES, LIVE_SAMPLE_RATE } from '@auscult/contracts';
import { type Waveform, WaveformPeaks } from '@auscult/speech';
import { Logger } from '@nestjs/common';
import { ObjectDamagedError, ObjectNotFoundError, type PcmAudio } from '../../../storage/index.js';
import { toFloats } from './frames.js';

const BLOCK_SAMPLES = 30 * LIVE_SAMPLE_RATE;

const logger = new Logger('LiveSessions');

/** Reads a whole recording back, as it is stored, and draws it: with silence where a part cannot be read, for a picture must not keep a session from its end. */
export async function waveformOf(audio: PcmAudio, recordingId: string, channelCount: number, frames: number, signal: AbortSignal): Promise<Waveform> {
  const peaks = new WaveformPeaks(channelCount);
  const end = frames * LIVE_FRAME_SAMPLES;
  for (let from = 0; from < end; from += BLOCK_SAMPLES) {
    signal.throwIfAborted();
    const until = Math.min(end, from + BLOCK_SAMPLES);
    const channels = Array.from({ length: channelCount }, (_, channel) =>
      audio.read(recordingId, channel, from, until).catch((error: unknown) => silenceFor(error, recordingId, until - from)));
    peaks.add((await Promise.all(channels)).map(toFloats));
  }
  return peaks.finish();
}

function silenceFor(error: unknown, recordingId: string, samples: number): Int16Array {
  if (!(error instanceof ObjectDamagedError || error instanceof ObjectNotFoundError)) throw error;
  logger.error({ recordingId, reason: error.name }, 'Stored sound of a live session cannot be read');
  return new Int16Array(samples);
}
