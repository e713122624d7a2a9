import { describe, expect, it } from '@jest/globals';
import { FakeRecognizer } from '../recognition/fake-recognizer.js';
import { babble, joined, noise, seconds, silence, tone } from '../testing/sounds.js';
import { GuardedRecognizer } from './guarded-recognizer.js';

const excerpt = (samples: Float32Array) => ({ samples, voiced: [{ start: 0, end: samples.length }] });
const LOOP = 'go on and on '.repeat(8);

describe('GuardedRecognizer', () => {
  it('passes on what was heard in something like speech', async () => {
    const guarded = new GuardedRecognizer(new FakeRecognizer(['good morning']));
    expect(await guarded.recognize(excerpt(babble(seconds(4), 0.3)))).toEqual({ text: 'good morning' });
  });

  it.each([
    ['silence', silence(seconds(4))],
    ['what nobody can hear', babble(seconds(4), 0.0002)],
    ['steady noise', noise(seconds(4), 0.3)],
    ['a hum', tone(seconds(4), 50)],
  ])('does not even ask about %s', async (_, samples) => {
    const recognizer = new FakeRecognizer(() => 'thank you for watching');
    expect(await new GuardedRecognizer(recognizer).recognize(excerpt(samples))).toEqual({ text: '' });
    expect(recognizer.heard).toHaveLength(0);
  });

  it('asks again in halves where the answer loops, cut at the quietest place', async () => {
    const recognizer = new FakeRecognizer([LOOP, 'the first half', 'and the second']);
    const samples = joined(babble(seconds(4), 0.3), silence(seconds(0.5)), babble(seconds(3.5), 0.3, 2));
    expect(await new GuardedRecognizer(recognizer).recognize(excerpt(samples))).toEqual({ text: 'the first half and the second' });
    expect(recognizer.heard[1]!.samples).toBeGreaterThanOrEqual(seconds(4));
    expect(recognizer.heard[1]!.samples).toBeLessThanOrEqual(seconds(4.5));
  });

  it('asks again where there is more text than time', async () => {
    const recognizer = new FakeRecognizer(['a word and another '.repeat(20).replace(/a word/g, () => String(Math.random())), 'yes', 'no']);
    expect(await new GuardedRecognizer(recognizer).recognize(excerpt(babble(seconds(4), 0.3)))).toEqual({ text: 'yes no' });
  });

  it('ends with nothing where every part loops', async () => {
    const recognizer = new FakeRecognizer(() => LOOP);
    expect(await new GuardedRecognizer(recognizer).recognize(excerpt(babble(seconds(16), 0.3)))).toEqual({ text: '' });
    expect(recognizer.heard.length).toBeLessThan(64);
  });

  it('keeps the engine\'s word times right over the halves', async () => {
    const words = [{ text: 'yes', startMs: 100, endMs: 300 }];
    const recognizer = new FakeRecognizer([LOOP, { text: 'yes', words }, { text: 'yes', words }], { wordTimes: true });
    const samples = joined(babble(seconds(4), 0.3), silence(seconds(0.02)), babble(seconds(4), 0.3, 2));
    const { words: kept } = await new GuardedRecognizer(recognizer).recognize(excerpt(samples));
    expect(kept).toHaveLength(2);
    expect(kept![1]!.startMs).toBeGreaterThan(kept![0]!.startMs + 1900);
  });
});
