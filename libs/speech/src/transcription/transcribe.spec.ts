import { describe, expect, it } from '@jest/globals';
import { FakeVoiceDetector } from '../detection/fake-voice-detector.js';
import type { VoicedSpan } from '../detection/voice-detector.js';
import { FakeRecognizer, type FakeScript } from '../recognition/fake-recognizer.js';
import { babble, collect, openedSound, seconds, silence } from '../testing/sounds.js';
import type { TranscribeOptions } from './transcribe-options.js';
import { transcribe } from './transcribe.js';
import type { TranscriptionEvent } from './transcription-event.js';

const span = (from: number, to: number): VoicedSpan => ({ start: seconds(from), end: seconds(to) });

function detectors(...channels: VoicedSpan[][]) {
  let next = 0;
  return () => new FakeVoiceDetector(channels[next++] ?? []);
}

function options(script: FakeScript, channels: VoicedSpan[][], more: Partial<TranscribeOptions> = {}): TranscribeOptions & { recognizer: FakeRecognizer } {
  return { recognizer: new FakeRecognizer(script), createVoiceDetector: detectors(...channels), parallel: 2, ...more } as never;
}

const utterances = (events: TranscriptionEvent[]) => events.flatMap((event) => (event.kind === 'utterance' ? [event] : []));
const one = [babble(seconds(30), 0.3)];
const two = [babble(seconds(30), 0.3, 1), babble(seconds(30), 0.3, 2)];
const apart = [span(1, 3), span(6, 8), span(11, 13), span(16, 18), span(21, 23)];

describe('transcribe', () => {
  it('tells utterances in order with times and estimated words, then the whole', async () => {
    const events = await collect(transcribe(openedSound(one), options(['Good morning.', 'How are you?'], [[span(1, 3), span(6, 8)]])));
    expect(utterances(events)).toEqual([
      {
        kind: 'utterance', index: 0, channel: 0, startMs: 1000, endMs: 3000, text: 'Good morning.', wordTiming: 'estimated',
        words: [{ text: 'Good', startMs: 1000, endMs: 1714 }, { text: 'morning.', startMs: 1714, endMs: 3000 }],
      },
      expect.objectContaining({ index: 1, startMs: 6000, endMs: 8000, text: 'How are you?' }),
    ]);
    expect(events.at(-1)).toMatchObject({ kind: 'finished', durationMs: 30_000, truncated: false, speechMs: 4000, channelSpeechMs: [4000], waveform: { binMs: 20 } });
  });

  it('keeps the order when later utterances are recognised sooner', async () => {
    const script: FakeScript = (_, call) => ({ text: `utterance ${call}`, delayMs: call % 2 === 0 ? 20 : 0 });
    const given = options(script, [apart], { parallel: 3 });
    const told = utterances(await collect(transcribe(openedSound(one), given)));
    expect(told.map(({ index, text }) => `${index} ${text}`)).toEqual([0, 1, 2, 3, 4].map((i) => `${i} utterance ${i}`));
    expect(given.recognizer.mostInFlight).toBe(3);
  });

  it('orders both channels by start and gives the engine\'s word times their place', async () => {
    const words = [{ text: 'yes', startMs: 300, endMs: 500 }];
    const recognizer = new FakeRecognizer(() => ({ text: 'yes', words }), { wordTimes: true });
    const channels = [[span(1, 3), span(12, 14)], [span(4, 9), span(20, 22)]];
    const told = utterances(await collect(transcribe(openedSound(two), { recognizer, createVoiceDetector: detectors(...channels), parallel: 2 })));
    expect(told.map(({ channel, startMs }) => [channel, startMs])).toEqual([[0, 1000], [1, 4000], [0, 12_000], [1, 20_000]]);
    // 0.2 s of padding come before the speech.
    expect(told[1]).toMatchObject({ wordTiming: 'engine', words: [{ text: 'yes', startMs: 4100, endMs: 4300 }] });
  });

  it('is the same however the sound arrives', async () => {
    const runs = [];
    for (const piece of [160, 4321, 16_000, 200_000]) {
      const channels = [[span(1, 3), span(4, 9)], [span(2, 5), span(20, 22)]];
      const script: FakeScript = (samples) => `${samples.length} samples`;
      runs.push(utterances(await collect(transcribe(openedSound(two, { piece }), options(script, channels)))));
    }
    for (const run of runs) expect(run).toEqual(runs[0]);
  });

  it('goes on after what was saved, with the same numbers', async () => {
    const all = utterances(await collect(transcribe(openedSound(one), options((samples) => `${samples.length}`, [apart]))));
    const given = options((samples) => `${samples.length}`, [apart], { skipUtterances: 3 });
    const rest = utterances(await collect(transcribe(openedSound(one), given)));
    expect(rest).toEqual(all.slice(3));
    expect(given.recognizer.heard).toHaveLength(2);
  });

  it('tells an utterance without words too, and counts no speech in it', async () => {
    const events = await collect(transcribe(openedSound(one), options(['words', ''], [[span(1, 3), span(6, 9)]])));
    expect(utterances(events).map(({ text }) => text)).toEqual(['words', '']);
    expect(events.at(-1)).toMatchObject({ speechMs: 2000 });
  });

  it('tells how far it has come, and never beyond what was told', async () => {
    const events = await collect(transcribe(openedSound(one), options(() => ({ text: 'word', delayMs: 2 }), [apart])));
    let told = 0;
    let reached = 0;
    for (const event of events) {
      if (event.kind === 'utterance') told = event.index + 1;
      if (event.kind !== 'progress') continue;
      expect(event.reachedMs).toBeGreaterThan(reached);
      reached = event.reachedMs;
      expect(reached).toBeLessThanOrEqual((apart[told]?.start ?? seconds(30)) / 16);
    }
    expect(reached).toBeGreaterThan(20_000);
  });

  it('finds nothing in a silent recording, and says so by its numbers', async () => {
    const events = await collect(transcribe(openedSound([silence(seconds(5)), silence(seconds(5))]), options([], [[], []])));
    expect(utterances(events)).toEqual([]);
    expect(events.at(-1)).toMatchObject({ durationMs: 5000, channelSpeechMs: [0, 0] });
  });

  it('passes on that the file ended early', async () => {
    const events = await collect(transcribe(openedSound(one, { truncated: true }), options([], [[]])));
    expect(events.at(-1)).toMatchObject({ truncated: true });
  });
});

describe('transcribe with bleed between channels', () => {
  const voice = babble(seconds(10), 0.4, 5);
  const echo = voice.map((_, i) => 0.1 * (voice[i - 1600] ?? 0));

  it('does not recognise the quieter copy', async () => {
    const given = options(() => 'hello there', [[span(1, 5)], [span(1.1, 5.1)]]);
    const told = utterances(await collect(transcribe(openedSound([voice, echo]), given)));
    expect(told.map(({ channel }) => channel)).toEqual([0]);
  });

  it('removes copied words where the echo lies in one utterance with own words', async () => {
    const own = babble(seconds(10), 0.4, 6);
    const mixed = echo.map((sample, i) => (i < seconds(4) ? sample : (own[i] ?? 0)));
    const spoken = voice.map((sample, i) => (i < seconds(4) ? sample : 0));
    const script: FakeScript = (_, call) => (call === 0 ? 'how did you sleep last night' : 'how did you sleep last night not very well I must say');
    const told = utterances(await collect(transcribe(openedSound([spoken, mixed]), options(script, [[span(1, 3.9)], [span(1, 8)]]))));
    expect(told.map(({ text }) => text)).toEqual(['how did you sleep last night', 'not very well I must say']);
  });
});

describe('transcribe under pressure', () => {
  it('reads no further than it can recognise', async () => {
    let release = () => {};
    const gate = new Promise<void>((resolve) => (release = resolve));
    const audio = openedSound([babble(seconds(120), 0.3)], { piece: 16_000 });
    let read = 0;
    const counted = { ...audio, frames: count(audio.frames, () => (read += 1)) };
    const recognizer = new FakeRecognizer(() => 'word');
    const recognize = recognizer.recognize.bind(recognizer);
    recognizer.recognize = async (samples, settings) => {
      await gate;
      return recognize(samples, settings);
    };
    const spans = Array.from({ length: 24 }, (_, i) => span(i * 5 + 1, i * 5 + 2));
    const collecting = collect(transcribe(counted, { recognizer, createVoiceDetector: detectors(spans), parallel: 2 }));
    while (read < 18) await new Promise((resolve) => setImmediate(resolve));
    for (let i = 0; i < 50; i += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(read).toBeLessThan(30);
    release();
    expect(utterances(await collecting)).toHaveLength(24);
  });

  it('rejects with what the recogniser rejects with, and closes the audio', async () => {
    const audio = openedSound(one);
    const error = new Error('engine fell over');
    await expect(collect(transcribe(audio, options(['fine', { error }], [apart])))).rejects.toBe(error);
    expect(audio.closed).toBe(1);
  });

  it('rejects with what the audio rejects with', async () => {
    const audio = openedSound(one, { failAt: seconds(10) });
    await expect(collect(transcribe(audio, options(() => ({ text: 'a', delayMs: 1 }), [apart])))).rejects.toThrow('the storage is away');
  });

  it('stops with the reason of its signal', async () => {
    const controller = new AbortController();
    const reason = new Error('cancelled');
    const audio = openedSound(one);
    const told: TranscriptionEvent[] = [];
    const run = async () => {
      for await (const event of transcribe(audio, options(() => 'word', [apart], { signal: controller.signal }))) {
        told.push(event);
        if (event.kind === 'utterance') controller.abort(reason);
      }
    };
    await expect(run()).rejects.toBe(reason);
    expect(utterances(told)).toHaveLength(1);
    expect(audio.closed).toBe(1);
  });

  it('closes the audio when nobody reads on', async () => {
    const audio = openedSound(one);
    for await (const event of transcribe(audio, options(() => 'word', [apart]))) if (event.kind === 'utterance') break;
    expect(audio.closed).toBe(1);
  });
});

async function* count<T>(items: AsyncIterable<T>, onItem: () => void): AsyncGenerator<T> {
  for await (const item of items) {
    onItem();
    yield item;
  }
}
