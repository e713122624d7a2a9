// Speech with known words: a folder of LibriSpeech-like FLAC files with references.json where one is given, else the bundled sample.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileAudioSource, openAudio } from '../../libs/speech/dist/index.js';

/** A file's channels as 16 kHz samples. */
export async function decode(path) {
  const source = await fileAudioSource(path);
  const audio = await openAudio(source);
  const pieces = Array.from({ length: audio.channelCount }, () => []);
  try {
    for await (const channels of audio.frames) channels.forEach((channel, index) => pieces[index].push(channel.slice()));
  } finally {
    await audio.close();
    await source.close();
  }
  return pieces.map(joined);
}

function joined(pieces) {
  const samples = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    samples.set(piece, at);
    at += piece.length;
  }
  return samples;
}

/** [{ samples, words }] of a folder with references.json ({ "<file name without .flac>": "its words" }). */
export async function loadUtterances(folder) {
  const references = JSON.parse(readFileSync(join(folder, 'references.json'), 'utf8'));
  const utterances = [];
  for (const [name, words] of Object.entries(references).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const path = join(folder, `${name}.flac`);
    if (existsSync(path)) utterances.push({ samples: (await decode(path))[0], words });
  }
  return utterances;
}

/** The turns of the bundled two-channel sample, each from its speaker's channel. */
export async function loadSample(folder) {
  const { turns } = JSON.parse(readFileSync(join(folder, 'conversation.json'), 'utf8'));
  const channels = await decode(join(folder, 'conversation.ogg'));
  return turns.map(({ channel, startMs, endMs, words }) => ({ samples: channels[channel].subarray(startMs * 16, endMs * 16), words }));
}
