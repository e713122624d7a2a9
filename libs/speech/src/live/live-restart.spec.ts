import { describe, expect, it } from '@jest/globals';
import { BLEED_SHIFT } from '../transcription/bleed.js';
import { aMoment, beginning, conversation, countingRecognizer, finals, runLive, settled, voice } from '../testing/live-run.js';
import { joined, seconds, silence } from '../testing/sounds.js';
import type { LiveEvent, LiveSettledEvent, TrackCheckpoint } from './live-event.js';

const anyPiece = () => 1 + Math.floor(Math.random() ** 3 * 40_000);

/** The checkpoints that were stored when the given settled events had been told. */
function checkpointsAfter(told: readonly LiveSettledEvent[], channelCount: number): TrackCheckpoint[] {
  const checkpoints = beginning(channelCount);
  for (const { channel, untilSample, nextIndex } of told) checkpoints[channel] = { sample: untilSample, nextIndex };
  return checkpoints;
}

const byChannel = <T extends { channel: number }>(events: readonly T[], channelCount: number): T[][] =>
  Array.from({ length: channelCount }, (_, channel) => events.filter((event) => event.channel === channel));

/** The other microphone hears some of it softly and later. */
function withEcho(own: Float32Array, other: Float32Array): Float32Array {
  return own.map((sample, i) => sample + 0.15 * (other[i - 1600] ?? 0));
}

/** Two people by turns, with pauses of 0.3 to 0.6 s between them. */
function turns(count: number): [Float32Array, Float32Array] {
  const parts = Array.from({ length: count }, (_, turn) => {
    const [said, pause] = [voice(0.8 + (turn % 5) * 0.4, turn), silence(seconds(0.3 + (turn % 4) * 0.1))];
    return { own: joined(said, pause), other: silence(said.length + pause.length) };
  });
  const of = (speaker: number) => joined(...parts.map(({ own, other }, turn) => (turn % 2 === speaker ? own : other)), silence(seconds(4)));
  return [of(0), of(1)];
}

function expectRest(events: readonly LiveEvent[], rest: readonly LiveEvent[], checkpoints: readonly TrackCheckpoint[]): void {
  const from = ({ channel, fromSample }: LiveSettledEvent) => fromSample >= (checkpoints[channel]?.sample ?? 0);
  const count = checkpoints.length;
  expect(byChannel(settled(rest), count)).toEqual(byChannel(settled(events).filter(from), count));
  const unsettled = finals(events).filter(({ channel, index }) => index >= (checkpoints[channel]?.nextIndex ?? 0));
  expect(byChannel(finals(rest), count)).toEqual(byChannel(unsettled, count));
}

describe.each([
  ['one channel', 1, () => [joined(conversation(60, 3), silence(seconds(8)))]],
  ['one channel, long speech', 1, () => [conversation(50, 11).map((value, i) => (value === 0 && i % 64_000 > 2000 ? 0.05 * Math.sin(i) : value))]],
  ['two channels', 2, () => [conversation(50, 5), conversation(50, 6)]],
  ['two channels that hear each other', 2, () => {
    const [left, right] = [conversation(50, 7), conversation(50, 8)];
    return [withEcho(left, right), right];
  }],
  ['two channels of people who answer each other in one room', 2, () => {
    const [left, right] = turns(12);
    return [withEcho(left, right), withEcho(right, left)];
  }],
] as const)('a live transcriber of %s', (_, channelCount, make) => {
  const sound = make();

  it('tells the same however the sound comes in and how long decodes take', async () => {
    const once = await runLive(sound);
    expect(finals(once).length).toBeGreaterThan(3);
    for (const longestDelay of [0, 4]) {
      const again = await runLive(sound, { piece: anyPiece, recognizer: countingRecognizer(longestDelay), pause: aMoment });
      expectRest(once, again, beginning(channelCount));
    }
  });

  it('settles every sample once, with every utterance once', async () => {
    const events = await runLive(sound);
    byChannel(settled(events), channelCount).forEach((stretches, channel) => {
      expect(stretches.map(({ fromSample }) => fromSample)).toEqual([0, ...stretches.slice(0, -1).map(({ untilSample }) => untilSample)]);
      expect(stretches.at(-1)?.untilSample).toBe(sound[channel]?.length);
      const utterances = stretches.flatMap((each) => each.utterances);
      expect(utterances.map(({ index }) => index)).toEqual(utterances.map((_each, index) => index));
      expect(stretches.map(({ nextIndex }) => nextIndex)).toEqual(stretches.map((_each, i) => stretches.slice(0, i + 1).flatMap((each) => each.utterances).length));
    });
  });

  it('goes on the same from every checkpoint', async () => {
    const events = await runLive(sound);
    const all = settled(events);
    await Promise.all(all.slice(1).map(async (_settled, i) => {
      const told = i + 1;
      const checkpoints = checkpointsAfter(all.slice(0, told), channelCount);
      const first = Math.min(...checkpoints.map(({ sample }) => sample));
      const from = told % 2 === 0 ? first : Math.max(0, first - 2 * BLEED_SHIFT);
      const rest = await runLive(sound, { checkpoints, from, piece: anyPiece, recognizer: countingRecognizer(told % 3) });
      expectRest(events, rest, checkpoints);
    }));
  });
});
