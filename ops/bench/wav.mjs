// Writes speech of a wanted length as a 16 kHz 16-bit mono WAV, joined from utterances with known words.
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';

export const sampleRate = 16_000;

/** The 44 bytes before `dataBytes` of 16-bit mono PCM. */
function wavHeader(dataBytes) {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'ascii');
  header.writeUInt32LE(36 + dataBytes, 4);
  header.write('WAVEfmt ', 8, 'ascii');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE(sampleRate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'ascii');
  header.writeUInt32LE(dataBytes, 40);
  return header;
}

function toPcm(samples) {
  const pcm = Buffer.alloc(samples.length * 2);
  for (let i = 0; i < samples.length; i += 1) {
    pcm.writeInt16LE(Math.max(-32768, Math.min(32767, Math.round(samples[i] * 32767))), i * 2);
  }
  return pcm;
}

/**
 * Joins `utterances` ({ samples: Float32Array, words: string }) with pauses of 0.2 to 1.2 s, again from the first one when
 * they run out, until `seconds` are reached; never cuts inside an utterance. The same input gives the same file.
 * Answers the words that were spoken and the exact length in seconds.
 */
export async function writeSpeech(path, utterances, seconds) {
  const plan = planSpeech(utterances, seconds);
  const file = createWriteStream(path);
  file.write(wavHeader(plan.samples * 2));
  for (const { utterance, pauseSamples } of plan.parts) {
    if (!file.write(toPcm(utterance.samples))) await once(file, 'drain');
    file.write(Buffer.alloc(pauseSamples * 2));
  }
  file.end();
  await once(file, 'finish');
  return { path, seconds: plan.samples / sampleRate, reference: plan.parts.map((part) => part.utterance.words).join(' ') };
}

function planSpeech(utterances, seconds) {
  const parts = [];
  let samples = 0;
  for (let i = 0; samples < seconds * sampleRate; i += 1) {
    const utterance = utterances[i % utterances.length];
    const pauseSamples = Math.round(sampleRate * (0.2 + ((i * 37) % 101) / 100));
    parts.push({ utterance, pauseSamples });
    samples += utterance.samples.length + pauseSamples;
  }
  return { parts, samples };
}
