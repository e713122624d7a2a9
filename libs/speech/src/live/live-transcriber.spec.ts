import { describe, expect, it } from '@jest/globals';
import { LevelVoiceDetector } from '../detection/level-voice-detector.js';
import { BackgroundFailedError } from '../recognition/background/background-recognizer.js';
import { FakeRecognizer } from '../recognition/fake-recognizer.js';
import { beginning, conversation, finals, partials, runLive, settled, voice } from '../testing/live-run.js';
import { joined, seconds, silence } from '../testing/sounds.js';
import type { LiveEvent } from './live-event.js';
import { LiveScheduler } from './live-scheduler.js';
import { LiveTranscriber } from './live-transcriber.js';

const gap = (length: number) => silence(seconds(length));

function transcriber(recognizer: FakeRecognizer, onEvent: (event: LiveEvent) => void | Promise<void>, failures: unknown[] = []): LiveTranscriber {
  return new LiveTranscriber({
    channelCount: 1, scheduler: new LiveScheduler(recognizer, { parallel: 1 }), createVoiceDetector: () => new LevelVoiceDetector(),
    checkpoints: beginning(1), onEvent, onFailure: (reason) => failures.push(reason),
  });
}

describe('LiveTranscriber', () => {
  it('tells each utterance with its times, then the group heard as a whole, given back to both', async () => {
    const said = (samples: Float32Array) => (samples.length < seconds(3) ? 'Good moaning.' : samples.length < seconds(4) ? 'How are you?' : 'Good morning, how are you two?');
    const events = await runLive([joined(gap(1), voice(2), gap(1), voice(3, 2), gap(3))], { recognizer: new FakeRecognizer(said) });
    expect(finals(events)).toEqual([
      {
        kind: 'final', channel: 0, index: 0, startMs: 1000, endMs: 3000, text: 'Good moaning.', wordTiming: 'estimated',
        words: [{ text: 'Good', startMs: 1000, endMs: 1714 }, { text: 'moaning.', startMs: 1714, endMs: 3000 }],
      },
      expect.objectContaining({ index: 1, startMs: 4000, endMs: 7000, text: 'How are you?' }),
    ]);
    const [group] = settled(events);
    expect(group?.utterances.map(({ index, text }) => [index, text])).toEqual([[0, 'Good morning,'], [1, 'how are you two?']]);
    expect(group).toMatchObject({ channel: 0, fromSample: 0, nextIndex: 2 });
  });

  it('gives the words of an engine with times to the utterance that they lie in', async () => {
    const at = (text: string, startMs: number) => ({ text, startMs, endMs: startMs + 200 });
    const said = (samples: Float32Array) => (samples.length > seconds(4) ? { text: 'yes no', words: [at('yes', 300), at('no', 3700)] } : { text: 'yes', words: [at('yes', 300)] });
    const events = await runLive([joined(gap(1), voice(2), gap(1), voice(2, 2), gap(3))], { recognizer: new FakeRecognizer(said, { wordTimes: true }) });
    // 0.2 s of padding come before the speech.
    expect(settled(events)[0]?.utterances.map(({ words }) => words)).toEqual([[at('yes', 1100)], [at('no', 4500)]]);
  });

  it('begins to decode in the pause and needs no second decode at its end', async () => {
    const recognizer = new FakeRecognizer(() => 'well then');
    await runLive([joined(gap(1), voice(2), gap(4))], { recognizer, piece: () => seconds(7) });
    expect(recognizer.heard).toEqual([{ samples: seconds(2.4) }]);
  });

  it('goes on with the utterance where the pause is short', async () => {
    const events = await runLive([joined(gap(1), voice(2), gap(0.4), voice(2, 2), gap(3))]);
    expect(finals(events)).toMatchObject([{ startMs: 1000, endMs: 5400 }]);
  });

  it('ends a long utterance at a short pause, and cuts one without any', async () => {
    const events = await runLive([joined(gap(1), voice(9), gap(0.4), voice(30, 2), gap(3))]);
    expect(finals(events)[0]).toMatchObject({ startMs: 1000, endMs: 10_000 });
    for (const { startMs, endMs } of finals(events)) expect(endMs - startMs).toBeLessThanOrEqual(12_000);
    expect(finals(events).at(-1)).toMatchObject({ startMs: expect.any(Number), endMs: 40_405 });
  });

  it('settles silence every five seconds and speech within half a minute', async () => {
    let fed = 0;
    const waits: number[] = [];
    await runLive([joined(gap(22), voice(40), conversation(60, 9), gap(8))], {
      piece: () => { fed += 1600; return 1600; },
      onEvent: (event) => { if (event.kind === 'settled') waits.push(fed - event.fromSample); },
    });
    expect(waits.slice(0, 4).every((wait) => wait < seconds(5.6))).toBe(true);
    expect(Math.max(...waits)).toBeLessThan(seconds(32));
  });

  it('tells no final without words, takes its partial back and settles it empty', async () => {
    const recognizer = new FakeRecognizer((samples) => (samples.length >= seconds(2.39) ? '' : 'hm hm'));
    const events = await runLive([joined(gap(1), voice(2), gap(7))], { recognizer, pause: () => new Promise((resolve) => setTimeout(resolve, 15)) });
    expect(finals(events)).toEqual([]);
    expect(partials(events).at(0)).toMatchObject({ tentative: 'hm hm' });
    expect(partials(events).at(-1)).toMatchObject({ firm: '', tentative: '' });
    expect(settled(events)[0]?.utterances).toMatchObject([{ index: 0, text: '', words: [] }]);
  });

  it('does not tell what the other channel is heard to say', async () => {
    const left = joined(gap(1), voice(5, 4), gap(6));
    const right = left.map((_, i) => 0.2 * (left[i - 1600] ?? 0));
    const events = await runLive([left, right]);
    expect(finals(events).map(({ channel }) => channel)).toEqual([0]);
    expect(settled(events).filter(({ channel }) => channel === 1).flatMap(({ utterances }) => utterances)).toEqual([]);
  });

  it('tells finals and settled events one at a time', async () => {
    let inHand = 0;
    const order: string[] = [];
    const slow = async (event: LiveEvent) => {
      if (event.kind === 'partial') return;
      expect(inHand).toBe(0);
      inHand += 1;
      await new Promise((resolve) => setImmediate(resolve));
      inHand -= 1;
      order.push(event.kind === 'final' ? `final ${event.index}` : `settled ${event.nextIndex}`);
    };
    await runLive([joined(gap(1), voice(2), gap(1), voice(1, 2), gap(3), voice(1, 3), gap(1))], { onEvent: slow });
    expect(order).toEqual(['final 0', 'final 1', 'settled 2', 'final 2', 'settled 3']);
  });

  it('counts what is fed and not settled', async () => {
    const live = transcriber(new FakeRecognizer(), () => undefined);
    live.feed(0, [joined(gap(1), voice(3))]);
    expect(live.pendingSamples).toBe(seconds(4));
    await live.finish();
    expect(live.pendingSamples).toBe(0);
  });

  it('refuses sound that does not follow', () => {
    const live = transcriber(new FakeRecognizer(), () => undefined);
    live.feed(0, [gap(1)]);
    expect(() => live.feed(seconds(2), [gap(1)])).toThrow(RangeError);
    expect(() => live.feed(seconds(1), [gap(1), gap(1)])).toThrow(RangeError);
  });

  it('goes on without the words that the recogniser fails at where that is tolerated, and says so when it settles', async () => {
    const said = (samples: Float32Array) => (samples.length < seconds(3) ? { error: new Error('It fails') } : 'Well then');
    const events = await runLive([joined(gap(1), voice(2), gap(1), voice(3, 2), gap(3))], { recognizer: new FakeRecognizer(said), toleratesFailure: () => true });
    expect(finals(events)).toMatchObject([{ index: 1, text: 'Well then' }]);
    const [group] = settled(events);
    expect(group?.utterances.map(({ index, text, unheard }) => [index, text, unheard])).toEqual([[0, '', true], [1, 'Well then', undefined]]);
  });

  it('keeps the words of each utterance when only hearing them as a whole fails', async () => {
    const said = (samples: Float32Array) => (samples.length < seconds(4) ? 'Well then' : { error: new Error('It fails') });
    const events = await runLive([joined(gap(1), voice(2), gap(1), voice(3, 2), gap(3))], { recognizer: new FakeRecognizer(said), toleratesFailure: () => true });
    const [group] = settled(events);
    expect(group?.utterances.map(({ text, unheard }) => [text, unheard])).toEqual([['Well then', undefined], ['Well then', undefined]]);
  });

  it('says once that the recogniser failed, and tells nothing more', async () => {
    const error = new Error('engine fell over');
    const failures: unknown[] = [];
    const events: LiveEvent[] = [];
    const live = transcriber(new FakeRecognizer(() => ({ error })), (event) => void events.push(event), failures);
    live.feed(0, [joined(gap(1), voice(2), gap(1), voice(2), gap(1))]);
    await expect(live.finish()).rejects.toBe(error);
    expect(failures).toEqual([error]);
    expect(finals(events)).toEqual([]);
  });

  it('says that an event could not be taken', async () => {
    const error = new Error('the database is away');
    const failures: unknown[] = [];
    const live = transcriber(new FakeRecognizer(), () => Promise.reject(error), failures);
    live.feed(0, [joined(gap(1), voice(2), gap(3))]);
    await expect(live.finish()).rejects.toBe(error);
    expect(failures).toEqual([error]);
  });

  it('ends well although a partial is still being heard', async () => {
    const failures: unknown[] = [];
    const live = transcriber(new FakeRecognizer((_samples, call) => ({ text: 'word', delayMs: call === 0 ? 200 : 0 })), () => undefined, failures);
    live.feed(0, [joined(gap(1), voice(1))]);
    await live.finish();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(failures).toEqual([]);
  });

  it('settles the finals as they are where the background fails', async () => {
    const said = ({ length }: Float32Array) => (length < seconds(4) ? 'Well then' : { error: new BackgroundFailedError('its process ended') });
    const events = await runLive([joined(gap(1), voice(2), gap(1), voice(3, 2), gap(3))], { recognizer: new FakeRecognizer(said) });
    expect(settled(events)[0]?.utterances.map(({ text, unheard }) => [text, unheard])).toEqual([['Well then', undefined], ['Well then', undefined]]);
  });

  it('drops what waits when it is stopped', async () => {
    const recognizer = new FakeRecognizer(() => ({ text: 'word', delayMs: 5 }));
    const events: LiveEvent[] = [];
    const live = transcriber(recognizer, (event) => void events.push(event));
    live.feed(0, [joined(...Array.from({ length: 10 }, (_, i) => joined(voice(1, i), gap(3))))]);
    const finishing = live.finish();
    live.stop();
    await expect(finishing).rejects.toThrow('stopped');
    expect(recognizer.heard.length).toBeLessThanOrEqual(2);
    expect(events).toEqual([]);
  });
});
