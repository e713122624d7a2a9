import { describe, expect, it } from '@jest/globals';
import { babble, seconds } from '../../testing/sounds.js';
import { ChannelChoice, mixToMono } from './channel-choice.js';

function interleave(left: Float32Array, right: Float32Array): Float32Array {
  return Float32Array.from({ length: left.length * 2 }, (_, i) => (i % 2 === 0 ? left : right)[i >> 1] ?? 0);
}

function choose(left: Float32Array, right: Float32Array, ended = true) {
  const choice = new ChannelChoice();
  choice.add(interleave(left, right));
  return choice.decide(ended);
}

const voice = babble(seconds(31), 0.3, 1);
const other = babble(seconds(31), 0.3, 2);
const none = new Float32Array(seconds(31));

describe('ChannelChoice', () => {
  it('sees two speakers, one sound twice, and a room heard in stereo', () => {
    expect(choose(voice, other)).toBe(2);
    expect(choose(voice, voice)).toBe(1);
    expect(choose(voice, voice.map((sample, i) => sample * 0.8 + (other[i] ?? 0) * 0.1))).toBe(1);
  });

  it('keeps two channels where one is silent', () => {
    expect(choose(voice, none)).toBe(2);
    expect(choose(none, none)).toBe(2);
  });

  it('decides on thirty seconds, and waits where they are silent', () => {
    expect(choose(voice, other, false)).toBe(2);
    expect(choose(voice.subarray(0, seconds(20)), other.subarray(0, seconds(20)), false)).toBeNull();
    expect(choose(none, none, false)).toBeNull();
    const long = new Float32Array(seconds(120));
    expect(choose(long, long, false)).toBe(2);
  });

  it('gives back all that it was fed', () => {
    const choice = new ChannelChoice();
    choice.add(interleave(voice, other));
    expect(choice.release()).toHaveLength(1);
    expect(choice.release()).toHaveLength(0);
  });
});

describe('mixToMono', () => {
  it('takes the mean', () => {
    expect([...mixToMono(Float32Array.of(1, 0, -1, 1))]).toEqual([0.5, 0]);
  });
});
