import { tone, toneNetwork } from '../testing/tone-network.js';
import { VoiceEnds } from './voice-ends.js';

const FRAME = 1_600;

/** The sound of so many frames, one piece after the other; `quiet` is loud, but no voice. */
const pieces = (...frames: [kind: 'voice' | 'quiet', count: number][]): Int16Array =>
  Int16Array.from(frames.flatMap(([kind, count]) => [...tone(count * FRAME, kind === 'voice' ? 500 : 3000)]));

const interleaved = (...channels: Int16Array[]): Int16Array => Int16Array.from({ length: (channels[0]?.length ?? 0) * channels.length }, (_, i) => channels[i % channels.length]?.[Math.floor(i / channels.length)] ?? 0);

/** Numbers of the frames, from 1, that are waited for. */
function awaitedIn(...channels: Int16Array[]): number[] {
  const ends = new VoiceEnds(toneNetwork(), channels.length);
  const sound = interleaved(...channels);
  // At an odd address, as a frame in a spool may lie.
  const bytes = new Uint8Array(sound.byteLength + 1);
  bytes.set(new Uint8Array(sound.buffer), 1);
  const frameBytes = FRAME * channels.length * 2;
  const frames = Array.from({ length: sound.byteLength / frameBytes }, (_, i) => bytes.subarray(1 + i * frameBytes, 1 + (i + 1) * frameBytes));
  return frames.flatMap((frame, index) => (ends.hear(frame) ? [index + 1] : []));
}

describe('VoiceEnds', () => {
  it('waits for the silence in which decoding begins, and for the one that ends an utterance', () => {
    expect(awaitedIn(pieces(['voice', 10], ['quiet', 20]))).toEqual([13, 16]);
  });

  it('hears every end of a voice, however loud what follows is', () => {
    expect(awaitedIn(pieces(['voice', 10], ['quiet', 10], ['voice', 10], ['quiet', 10]))).toEqual([13, 16, 33, 36]);
  });

  it('does not wait for the end of an utterance in which the voice has gone on', () => {
    expect(awaitedIn(pieces(['voice', 10], ['quiet', 3], ['voice', 20]))).toEqual([13]);
  });

  it('still waits where the voice came only when the utterance was over', () => {
    expect(awaitedIn(pieces(['voice', 10], ['quiet', 4], ['voice', 20]))).toEqual([13, 16]);
  });

  it('waits for nothing where nobody has spoken, or too shortly for a voice', () => {
    expect(awaitedIn(pieces(['quiet', 30]))).toEqual([]);
    expect(awaitedIn(Int16Array.from([...tone(1_000), ...tone(30 * FRAME - 1_000, 3000)]))).toEqual([]);
  });

  it('hears the end on one channel while the other goes on, once it is sure whose voice it was', () => {
    expect(awaitedIn(pieces(['voice', 30]), pieces(['voice', 10], ['quiet', 20]))).toEqual([15, 16]);
  });
});
