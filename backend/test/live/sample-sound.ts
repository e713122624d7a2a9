import { fileURLToPath } from 'node:url';
import { fileAudioSource, openAudio } from '@auscult/speech';
import { LIVE_FRAME_SAMPLES } from '@auscult/contracts';
import { LiveSound } from './live-sound.js';

/** A file of libs/speech/samples as a sender would send it, with silence up to a whole frame. */
export async function sampleSound(file: string): Promise<LiveSound> {
  const source = await fileAudioSource(fileURLToPath(new URL(`../../../libs/speech/samples/${file}`, import.meta.url)));
  const audio = await openAudio(source);
  const channels: number[][] = Array.from({ length: audio.channelCount }, () => []);
  for await (const block of audio.frames) {
    for (const [channel, samples] of block.entries()) for (const sample of samples) channels[channel]?.push(sample);
  }
  await audio.close();
  await source.close();
  return new LiveSound(channels.map(toWholeFrames));
}

function toWholeFrames(samples: readonly number[]): Int16Array {
  const whole = new Int16Array(Math.ceil(samples.length / LIVE_FRAME_SAMPLES) * LIVE_FRAME_SAMPLES);
  for (const [at, sample] of samples.entries()) whole[at] = Math.max(-32_768, Math.min(32_767, Math.round(sample * 32_768)));
  return whole;
}
