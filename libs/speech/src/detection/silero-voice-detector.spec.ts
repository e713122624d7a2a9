import { beforeAll, describe, expect, it } from '@jest/globals';
import { modelDir } from '../testing/model-dir.js';
import { shortSpeech } from '../testing/samples.js';
import { joined, noise, pinkNoise, seconds, silence, tone } from '../testing/sounds.js';
import { SileroVoiceDetector } from './silero-voice-detector.js';
import type { VoicedSpan, VoiceDetector } from './voice-detector.js';

function detect(detector: VoiceDetector, samples: Float32Array, piece: number): VoicedSpan[] {
  const spans: VoicedSpan[] = [];
  let settled = 0;
  for (let start = 0; start < samples.length; start += piece) {
    const found = detector.accept(samples.subarray(start, start + piece));
    for (const span of found) expect(span.start).toBeGreaterThanOrEqual(settled);
    spans.push(...found);
    expect(detector.settledUntil).toBeGreaterThanOrEqual(settled);
    settled = detector.settledUntil;
  }
  return [...spans, ...detector.flush()];
}

describe('SileroVoiceDetector', () => {
  let speech: Float32Array;
  const create = () => SileroVoiceDetector.from(modelDir())();
  beforeAll(async () => {
    speech = (await shortSpeech()).samples;
  });

  it('finds speech, short answers too, and the pauses between', () => {
    const spans = detect(create(), joined(silence(seconds(3)), speech, silence(seconds(3))), 1600);
    // "And so my fellow Americans / ask not / what your country can do for you / ask what you can do for your country"
    expect(spans.length).toBeGreaterThanOrEqual(4);
    expect(spans[0]!.start).toBeGreaterThan(seconds(2.9));
    expect(spans.some(({ start, end }) => start > seconds(6) && end < seconds(7.7))).toBe(true);
    for (let i = 1; i < spans.length; i += 1) expect(spans[i]!.start).toBeGreaterThanOrEqual(spans[i - 1]!.end);
  });

  it('gives the same spans however the sound is cut', () => {
    const whole = detect(create(), speech, speech.length);
    for (const piece of [100, 512, 1600, 7777]) expect(detect(create(), speech, piece)).toEqual(whole);
  });

  it('is as new when it begins anew, whatever it has heard', () => {
    const asNew = detect(create(), speech, 1600);
    const used = create();
    for (const length of [1000, 33_333, 90_000]) {
      used.accept(speech.subarray(0, length));
      used.reset();
      expect(used.settledUntil).toBe(0);
      expect(used.speaking).toBe(false);
      expect(detect(used, speech, 1600)).toEqual(asNew);
      used.reset();
    }
  });

  it('says whether somebody speaks', () => {
    const detector = create();
    detector.accept(speech.subarray(0, seconds(1)));
    expect(detector.speaking).toBe(true);
    detector.accept(silence(seconds(1)));
    expect(detector.speaking).toBe(false);
  });

  it('never lets a span grow without bound', () => {
    const endless = joined(...Array.from({ length: 12 }, () => speech.subarray(seconds(8.3), seconds(10.4))));
    for (const { start, end } of detect(create(), joined(endless, endless), 1600)) expect(end - start).toBeLessThan(seconds(30));
  });

  it.each([
    ['silence', silence(seconds(60))],
    ['white noise', noise(seconds(60), 0.1)],
    ['pink noise', pinkNoise(seconds(60), 0.3)],
    ['hum', tone(seconds(60), 50)],
    ['a tone', tone(seconds(60), 440)],
  ])('hears no speech in a minute of %s', (_, samples) => {
    expect(detect(create(), samples, 1600)).toEqual([]);
  });
});
