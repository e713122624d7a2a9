import { describe, expect, it } from '@jest/globals';
import { LevelVoiceDetector } from '../detection/level-voice-detector.js';
import { FakeRecognizer, type FakeScript } from '../recognition/fake-recognizer.js';
import { joined, seconds, silence } from '../testing/sounds.js';
import { babble } from '../testing/sounds.js';
import type { LiveEvent, LiveFinalEvent, LiveSettledEvent, TrackCheckpoint } from './live-event.js';
import { LiveScheduler } from './live-scheduler.js';
import { LiveTranscriber } from './live-transcriber.js';

const speech = (length: number, seed = 1) => babble(seconds(length), 0.5, seed).map((value, i) => value + (i % 7 < 3 ? 0.02 : -0.02));

export interface Run {
  readonly script?: FakeScript;
  readonly checkpoints?: readonly TrackCheckpoint[];
  readonly from?: number;
  readonly piece?: number;
}

/** Feeds everything and finishes. */
async function transcribe(channels: readonly Float32Array[], run: Run = {}): Promise<LiveEvent[]> {
  const events: LiveEvent[] = [];
  const { from = 0, piece = 1600, checkpoints = channels.map(() => ({ sample: 0, nextIndex: 0 })) } = run;
  const transcriber = new LiveTranscriber({
    channelCount: channels.length as 1 | 2,
    scheduler: new LiveScheduler(new FakeRecognizer(run.script ?? ((samples) => `sound of ${samples.length} samples`)), { parallel: 2 }),
    createVoiceDetector: () => new LevelVoiceDetector(), checkpoints,
    onEvent: (event) => void events.push(event),
    onFailure: () => undefined,
  });
  for (let at = from; at < (channels[0]?.length ?? 0); at += piece) {
    transcriber.feed(at, channels.map((channel) => channel.slice(at, at + piece)));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await transcriber.finish();
  expect(transcriber.pendingSamples).toBe(0);
  return events;
}

const finals = (events: readonly LiveEvent[]) => events.filter((event): event is LiveFinalEvent => event.kind === 'final');
const settled = (events: readonly LiveEvent[]) => events.filter((event): event is LiveSettledEvent => event.kind === 'settled');

describe('LiveTranscriber', () => {
  const sound = joined(silence(seconds(1)), speech(2), silence(seconds(1)), speech(3, 2), silence(seconds(3)), speech(1, 3), silence(seconds(6.5)));

  it('tells finals with times and settles everything', async () => {
    const events = await transcribe([sound]);
    expect(finals(events)).toHaveLength(3);
    expect(settled(events)[0]).toBeDefined();
  });
});
