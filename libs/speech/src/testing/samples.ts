import { readFile } from 'node:fs/promises';
import { fileAudioSource } from '../audio/audio-source.js';
import { openAudio } from '../audio/open-audio.js';
import { collect, joined, sample } from './sounds.js';

export interface Turn {
  readonly channel: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly words: string;
}

/** A file of samples/, decoded to one array per channel. */
export async function decodeFile(path: string): Promise<Float32Array[]> {
  const source = await fileAudioSource(path);
  const audio = await openAudio(source);
  const frames = await collect(audio.frames);
  await source.close();
  return Array.from({ length: audio.channelCount }, (_, channel) => joined(...frames.map((each) => each[channel] ?? new Float32Array(0))));
}

/** What is said in the bundled conversation. */
export async function conversationTurns(): Promise<Turn[]> {
  const { turns } = JSON.parse(await readFile(sample('conversation.json'), 'utf8')) as { turns: Turn[] };
  return turns;
}

/** The short bundled sample and what is said in it. */
export async function shortSpeech(): Promise<{ samples: Float32Array; words: string }> {
  const [samples = new Float32Array(0)] = await decodeFile(sample('short.flac'));
  const { words } = JSON.parse(await readFile(sample('short.json'), 'utf8')) as { words: string };
  return { samples, words };
}
