import { describe, expect, it } from '@jest/globals';
import { FakeRecognizer } from '../recognition/fake-recognizer.js';
import { finals, runLive, settled, voice } from '../testing/live-run.js';
import { joined, noise, seconds, silence } from '../testing/sounds.js';

const MARGIN = seconds(0.15);

/** Of two in one room: one speaks, the other answers for a second, the first goes on. Where nobody speaks there is a faint noise. */
function answered(gap: number) {
  const quiet = silence(seconds(gap));
  const first = seconds(1) + seconds(2);
  const echoFrom = first + quiet.length;
  const left = joined(silence(echoFrom), voice(1, 4), silence(seconds(6)));
  const right = joined(silence(seconds(1)), voice(2), quiet, left.slice(echoFrom, echoFrom + seconds(1)).map((value) => 0.4 * value), quiet, voice(2, 2), silence(seconds(6)));
  const room = noise(right.length, 0.001, 9);
  const withRoom = right.map((value, i) => value + (room[i] ?? 0));
  return { channels: [withRoom, joined(left, silence(right.length)).slice(0, right.length)], echo: { from: echoFrom, until: echoFrom + seconds(1) } };
}

/** Where a piece of the sound of a channel was taken from, by what its first samples are. */
function placeOf(piece: Float32Array, sound: Float32Array): number {
  return sound.findIndex((_value, at) => piece.subarray(0, 64).every((value, i) => value === sound[at + i]));
}

/** What the recogniser was given of the first channel. */
async function piecesOf(channels: readonly Float32Array[]) {
  const [own = silence(0)] = channels;
  const given: Float32Array[] = [];
  const recognizer = new FakeRecognizer((samples) => (given.push(samples), 'Well then'));
  const events = await runLive(channels, { recognizer });
  const pieces = given.map((samples) => ({ samples, at: placeOf(samples, own) })).filter(({ at }) => at >= 0);
  return { own, events, pieces };
}

describe('a live transcriber of two people in one room', () => {
  it('hears silence where the other one spoke within an utterance, and every sound around the own words', async () => {
    const { channels, echo } = answered(0.3);
    const { own, events, pieces } = await piecesOf(channels);
    expect(finals(events).filter(({ channel }) => channel === 0)).toMatchObject([{ startMs: 1000, endMs: 6600 }]);
    // As far as it speaks, on a slow machine it is heard as well: how much behind the other one's voice is not its own is known when its next voice is over.
    const isUpToNow = ({ samples, at }: { samples: Float32Array; at: number }) => at + samples.length !== seconds(6.6 + 0.2);
    const whole = pieces.filter(({ samples }) => samples.length > seconds(5.5));
    expect(whole.some((piece) => !isUpToNow(piece))).toBe(true);
    for (const piece of whole) {
      const { samples, at } = piece;
      const [from, until] = [echo.from - MARGIN - at, echo.until + (isUpToNow(piece) ? 0 : MARGIN) - at];
      expect(samples.slice(from, until).every((value) => value === 0)).toBe(true);
      expect(samples.slice(0, from)).toEqual(own.slice(at, at + from));
      expect(samples.slice(until)).toEqual(own.slice(at + until, at + samples.length));
    }
  });

  it('hears silence there when it hears a group of utterances as a whole', async () => {
    const { channels, echo } = answered(0.45);
    const { own, events, pieces } = await piecesOf(channels);
    expect(settled(events).find(({ channel, utterances }) => channel === 0 && utterances.length > 0)?.utterances).toHaveLength(2);
    const whole = pieces.filter(({ samples }) => samples.length > seconds(5.5));
    expect(whole).toHaveLength(1);
    for (const { samples, at } of whole) {
      const [from, until] = [echo.from - seconds(0.2) - at, echo.until + seconds(0.2) - at];
      expect(samples.slice(from, until).every((value) => value === 0)).toBe(true);
      expect(samples.slice(0, from)).toEqual(own.slice(at, at + from));
      expect(samples.slice(until)).toEqual(own.slice(at + until, at + samples.length));
    }
  });
});
