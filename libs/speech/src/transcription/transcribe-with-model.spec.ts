import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fileAudioSource } from '../audio/audio-source.js';
import { openAudio } from '../audio/open-audio.js';
import { wordErrorRate } from '../bench/word-error-rate.js';
import { rawLoop } from '../bench/raw-loop.js';
import { SileroVoiceDetector } from '../detection/silero-voice-detector.js';
import { MoonshineRecognizer } from '../recognition/moonshine-recognizer.js';
import { modelDir } from '../testing/model-dir.js';
import { conversationTurns, decodeFile, shortSpeech } from '../testing/samples.js';
import { collect, joined, noise, openedSound, pinkNoise, sample, seconds, silence, tone } from '../testing/sounds.js';
import { transcribe } from './transcribe.js';
import type { UtteranceEvent } from './transcription-event.js';

/** DTMF digits, chords and clicks: what telephones and waiting rooms play. */
function telephone(): Float32Array {
  const key = (low: number, high: number) => tone(seconds(0.15), low, 0.25).map((value, i) => value + 0.25 * Math.sin((2 * Math.PI * high * i) / 16_000));
  const keys = [[697, 1209], [770, 1336], [852, 1477], [941, 1336]].map(([low = 0, high = 0]) => joined(key(low, high), silence(seconds(0.2))));
  return joined(...Array.from({ length: 10 }, () => joined(...keys)));
}

function chords(): Float32Array {
  const notes = [[262, 330, 392], [220, 262, 330], [175, 220, 262], [196, 247, 294]];
  const chord = (pitches: number[]) =>
    tone(seconds(1), 1, 0).map((_, i) => pitches.reduce((sum, pitch) => sum + 0.1 * Math.exp(-i / 8000) * Math.sin((2 * Math.PI * pitch * i) / 16_000), 0));
  return joined(...Array.from({ length: 5 }, () => joined(...notes.map(chord))));
}

function clicks(): Float32Array {
  const quiet = noise(seconds(20), 0.001);
  for (let at = 5000; at < quiet.length; at += 9000) for (let i = 0; i < 60; i += 1) quiet[at + i] = 0.8 * (-1) ** i * Math.exp(-i / 15);
  return quiet;
}

describe('transcribe with Moonshine and silero', () => {
  let recognizer: MoonshineRecognizer;
  beforeAll(async () => {
    recognizer = await MoonshineRecognizer.load(modelDir(), 'base');
  });
  afterAll(() => recognizer.close());

  const engine = (more: { skipUtterances?: number; parallel?: number } = {}) => ({
    recognizer, createVoiceDetector: SileroVoiceDetector.from(modelDir()), parallel: 2, ...more,
  });

  async function transcribeFile(name: string, more = {}): Promise<UtteranceEvent[]> {
    const source = await fileAudioSource(sample(name));
    const events = await collect(transcribe(await openAudio(source), engine(more)));
    await source.close();
    return events.flatMap((event) => (event.kind === 'utterance' ? [event] : []));
  }

  it('writes down the bundled conversation, each speaker from her own channel', async () => {
    const turns = await conversationTurns();
    const told = await transcribeFile('conversation.ogg');
    for (const channel of [0, 1]) {
      const said = turns.filter((turn) => turn.channel === channel).map(({ words }) => words).join(' ');
      const heard = told.filter((utterance) => utterance.channel === channel).map(({ text }) => text).join(' ');
      expect(wordErrorRate(said, heard).rate).toBeLessThan(0.25);
    }
    for (const { channel, startMs, endMs } of told) {
      expect(turns.some((turn) => turn.channel === channel && turn.startMs - 300 < startMs && endMs < turn.endMs + 300)).toBe(true);
    }
  });

  it('gives the same utterances again, and the rest of them to a second attempt', async () => {
    const all = await transcribeFile('conversation.ogg');
    expect(await transcribeFile('conversation.ogg', { skipUtterances: 7, parallel: 1 })).toEqual(all.slice(7));
  });

  it('hears what the raw loop hears', async () => {
    const { samples, words } = await shortSpeech();
    const raw = await rawLoop(samples, engine());
    expect(wordErrorRate(words, raw.text).rate).toBeLessThan(0.1);
    expect((await transcribeFile('short.flac')).map(({ text }) => text).join(' ')).toBe(raw.text);
  });

  it('gives a word its place: "ask not" is said after three seconds', async () => {
    const words = (await transcribeFile('short.flac')).flatMap((utterance) => utterance.words);
    const not = words.find(({ text }) => /^not/i.test(text));
    expect(not?.startMs).toBeGreaterThan(2300);
    expect(not?.startMs).toBeLessThan(5400);
  });

  it('keeps a loudspeaker out of the other channel', async () => {
    const [left, right] = (await decodeFile(sample('conversation.ogg'))) as [Float32Array, Float32Array];
    const room = left.map((value, i) => value + 0.12 * (right[i - 1200] ?? 0) + 0.04 * (right[i - 2100] ?? 0));
    const clean = await collect(transcribe(openedSound([left, right]), engine()));
    const told = await collect(transcribe(openedSound([room, right]), engine()));
    const words = (events: typeof told) => events.flatMap((event) => (event.kind === 'utterance' && event.channel === 0 ? event.words : [])).length;
    expect(Math.abs(words(told) - words(clean))).toBeLessThanOrEqual(3);
  });

  it.each([
    ['silence', () => silence(seconds(30))],
    ['white noise', () => noise(seconds(30), 0.1)],
    ['faint noise', () => noise(seconds(30), 0.003)],
    ['pink noise', () => pinkNoise(seconds(30), 0.3)],
    ['hum', () => tone(seconds(30), 50).map((value, i) => value + 0.1 * Math.sin((2 * Math.PI * 100 * i) / 16_000))],
    ['a tone', () => tone(seconds(30), 440)],
    ['telephone keys', telephone],
    ['chords', chords],
    ['clicks', clicks],
  ])('invents no words in %s', async (_, make) => {
    const events = await collect(transcribe(openedSound([make()]), engine()));
    expect(events.flatMap((event) => (event.kind === 'utterance' && event.text ? [event.text] : []))).toEqual([]);
    expect(events.at(-1)).toMatchObject({ kind: 'finished', speechMs: 0 });
  });
});
