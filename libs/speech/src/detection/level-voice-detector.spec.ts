import { describe, expect, it } from '@jest/globals';
import { joined, seconds, silence, tone } from '../testing/sounds.js';
import { LevelVoiceDetector } from './level-voice-detector.js';

const sound = joined(silence(seconds(1)), tone(seconds(1), 3000), silence(seconds(0.2)), tone(seconds(1), 3000), silence(seconds(1)), tone(seconds(0.05), 3000), silence(seconds(1)));

describe('LevelVoiceDetector', () => {
  it.each([1, 160, 1000, sound.length])('finds what is loud, bridges short pauses and leaves out clicks (fed by %d samples)', (piece) => {
    const detector = new LevelVoiceDetector();
    const spans = [];
    for (let at = 0; at < sound.length; at += piece) spans.push(...detector.accept(sound.subarray(at, at + piece)));
    expect([...spans, ...detector.flush()]).toEqual([{ start: seconds(1), end: seconds(3.2) }]);
  });

  it('says whether somebody speaks, and from where', () => {
    const detector = new LevelVoiceDetector();
    detector.accept(sound.subarray(0, seconds(1.5)));
    expect([detector.speaking, detector.settledUntil]).toEqual([true, seconds(1)]);
    expect(detector.flush()).toEqual([{ start: seconds(1), end: seconds(1.5) }]);
    detector.reset();
    detector.accept(sound.subarray(0, seconds(0.5)));
    expect([detector.speaking, detector.settledUntil]).toEqual([false, seconds(0.5)]);
  });
});
