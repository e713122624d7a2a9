// Speech with known words: a folder of LibriSpeech-like FLAC files with references.json where one is given, else the bundled sample.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileAudioSource, openAudio } from '../../libs/speech/dist/index.js';

/** All of a file's first channel as 16 kHz samples. */
export async function decodeMono(path) {
  const source = await fileAudioSource(path);
  const audio = await openAudio(source);
  const pieces = [];
  try {
    for await (const [first] of audio.frames) pieces.push(first.slice());
  } finally {
    await audio.close();
    await source.close();
  }
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
    if (existsSync(path)) utterances.push({ samples: await decodeMono(path), words });
  }
  return utterances;
}
