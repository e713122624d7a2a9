import { access } from 'node:fs/promises';
import { Resampler } from './resampler.mjs';
import { SoundError, openWav } from './wav.mjs';

/** Sound to stream: how many channels, and its interleaved 16-bit samples at 16 kHz, read while they are asked for. */
export async function openSound(file, channels) {
  if (file === '-') return { channelCount: channels ?? 1, pieces: process.stdin };
  await access(file).catch(() => {
    throw new SoundError(`There is no file ${file}, or it may not be read.`);
  });
  const opened = (await openWav(file)) ?? (await decoded(file));
  const channelCount = channels ?? (opened.channelCount === 2 ? 2 : 1);
  if (channelCount > opened.channelCount) throw new SoundError('The file has one channel; leave --channels out.');
  return { channelCount, pieces: piecesOf(opened, channelCount) };
}

async function decoded(file) {
  let speech;
  try {
    speech = await import('../../libs/speech/dist/index.js');
  } catch {
    throw new SoundError('Only WAV files can be streamed before the product is built: npm run build.');
  }
  try {
    const opened = await speech.openAudio(await speech.fileAudioSource(file));
    return { sampleRate: 16_000, channelCount: opened.channelCount, blocks: opened.frames };
  } catch {
    throw new SoundError('The file holds no sound that can be read.');
  }
}

async function* piecesOf({ sampleRate, blocks }, channelCount) {
  const resamplers = Array.from({ length: channelCount }, () => new Resampler(sampleRate));
  for await (const block of blocks) {
    const channels = channelCount === block.length ? block : Array.from({ length: channelCount }, () => mixed(block));
    yield interleaved(channels.map((samples, channel) => resamplers[channel].push(samples)));
  }
  yield interleaved(resamplers.map((resampler) => resampler.flush()));
}

function mixed(channels) {
  return channels[0].map((_, index) => channels.reduce((sum, channel) => sum + channel[index], 0) / channels.length);
}

/** Channels of samples between -1 and 1 as one array of 16-bit samples. */
export function interleaved(channels) {
  const pcm = new Int16Array(channels[0].length * channels.length);
  channels.forEach((samples, channel) => {
    samples.forEach((sample, index) => {
      pcm[index * channels.length + channel] = Math.max(-32_768, Math.min(32_767, Math.round(sample * 32_768)));
    });
  });
  return pcm;
}
