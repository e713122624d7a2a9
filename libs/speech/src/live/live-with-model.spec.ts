import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { liveLoop, liveText } from '../bench/live-loop.js';
import { wordErrorRate } from '../bench/word-error-rate.js';
import { SileroVoiceDetector } from '../detection/silero-voice-detector.js';
import { MoonshineRecognizer } from '../recognition/moonshine-recognizer.js';
import { beginning, finals, runLive, settled } from '../testing/live-run.js';
import { modelDir } from '../testing/model-dir.js';
import { conversationTurns, decodeFile, shortSpeech } from '../testing/samples.js';
import { joined, noise, pinkNoise, sample, seconds, silence, tone } from '../testing/sounds.js';
import { LIVE_PAUSE_SECONDS } from './live-settings.js';

describe('live transcription with Moonshine and silero', () => {
  let recognizer: MoonshineRecognizer;
  beforeAll(async () => {
    recognizer = await MoonshineRecognizer.load(modelDir(), 'base');
  });
  afterAll(() => recognizer.close());

  const engine = () => ({ recognizer, createVoiceDetector: SileroVoiceDetector.from(modelDir(), LIVE_PAUSE_SECONDS) });

  it('writes down the bundled conversation, each speaker from her own channel, and goes on the same from a checkpoint', async () => {
    const channels = await decodeFile(sample('conversation.ogg'));
    const turns = await conversationTurns();
    const events = await runLive(channels, engine());
    for (const channel of [0, 1]) {
      const said = turns.filter((turn) => turn.channel === channel).map(({ words }) => words).join(' ');
      const utterances = settled(events).filter((each) => each.channel === channel).flatMap((each) => each.utterances);
      expect(wordErrorRate(said, utterances.map(({ text }) => text).join(' ')).rate).toBeLessThan(0.25);
    }
    const stored = settled(events).slice(0, Math.floor(settled(events).length / 2));
    const checkpoints = beginning(2);
    for (const { channel, untilSample, nextIndex } of stored) checkpoints[channel] = { sample: untilSample, nextIndex };
    const rest = await runLive(channels, { ...engine(), checkpoints, from: Math.min(...checkpoints.map((each) => each.sample)), piece: () => 12_345 });
    for (const channel of [0, 1]) {
      const of = (all: typeof events) => finals(all).filter((final) => final.channel === channel && final.index >= (checkpoints[channel]?.nextIndex ?? 0));
      expect(of(rest)).toEqual(of(events));
      expect(of(rest).length).toBeGreaterThan(0);
    }
  });

  it('shows words while they are said and is done soon after', async () => {
    const { samples, words } = await shortSpeech();
    const { finals: told, texts, wordSightMs } = await liveLoop({ ...engine(), parallel: 2, sessions: [joined(samples, silence(seconds(1)))] });
    expect(told.length).toBeGreaterThanOrEqual(2);
    expect(wordErrorRate(words, texts[0]?.refined ?? '').rate).toBeLessThan(0.1);
    expect(wordSightMs.length).toBeGreaterThan(15);
  });

  it.each([
    ['silence', () => silence(seconds(20))],
    ['white noise', () => noise(seconds(20), 0.1)],
    ['pink noise', () => pinkNoise(seconds(20), 0.3)],
    ['hum', () => tone(seconds(20), 50)],
  ])('invents no words in %s', async (_, make) => {
    expect(await liveText(make(), { ...engine(), parallel: 2 })).toEqual({ final: '', refined: '' });
  });
});
