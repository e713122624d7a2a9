/// <reference types="node" />
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';

interface Processor {
  port: { onmessage: (event: { data: string }) => void; postMessage: (message: Message) => void };
  process: (inputs: Float32Array[][]) => boolean;
}
type Message = { audio: Int16Array; peaks: number[] } | { flushed: true };

const script = readFileSync(join(__dirname, '../../../../../public/capture-worklet.js'), 'utf8');

/** The real file in a room of its own, as the browser's audio thread is one. */
function start(sampleRate: number, channelCount: number): { processor: Processor; sent: Message[] } {
  const sent: Message[] = [];
  const registered: { Type?: new (options: object) => Processor } = {};
  const room = createContext({
    sampleRate,
    Float32Array,
    Int16Array,
    AudioWorkletProcessor: class {
      port = { onmessage: () => undefined, postMessage: (message: Message) => void sent.push(message) };
    },
    registerProcessor: (_name: string, Type: new (options: object) => Processor) => (registered.Type = Type),
  });
  runInContext(script, room);
  const processor = new registered.Type!({ processorOptions: { channelCount } });
  processor.port.onmessage({ data: 'go' });
  return { processor, sent };
}

/** Plays a tone of amplitude 0.5 in blocks of 128 samples, as browsers do. */
function play(processor: Processor, sampleRate: number, seconds: number, hertz: readonly number[]): void {
  for (let at = 0; at < sampleRate * seconds; at += 128) {
    const block = hertz.map((frequency) => Float32Array.from({ length: 128 }, (_, index) => 0.5 * Math.sin((2 * Math.PI * frequency * (at + index)) / sampleRate)));
    processor.process([block]);
  }
}

function audioOf(sent: readonly Message[]): Int16Array {
  const frames = sent.flatMap((message) => ('audio' in message ? [message.audio] : []));
  return Int16Array.from(frames.flatMap((frame) => [...frame]));
}

/** Amplitude of one frequency in the second half, 0 to 1; the beginning holds the filter's run-up. */
function amplitude(audio: Int16Array, hertz: number, every = 1, offset = 0): number {
  const samples = audio.filter((_, index) => index % every === offset);
  const [from, count] = [Math.floor(samples.length / 2), Math.floor(samples.length / 2)];
  let [real, imaginary] = [0, 0];
  for (let index = 0; index < count; index += 1) {
    const angle = (2 * Math.PI * hertz * index) / 16_000;
    real += (samples[from + index]! / 32_768) * Math.cos(angle);
    imaginary += (samples[from + index]! / 32_768) * Math.sin(angle);
  }
  return (2 / count) * Math.hypot(real, imaginary);
}

describe('the capture worklet', () => {
  for (const rate of [48_000, 44_100, 16_000, 8_000]) {
    it(`keeps speech frequencies of a device with ${rate} Hz as they are`, () => {
      const { processor, sent } = start(rate, 1);
      play(processor, rate, 1, [1_000]);
      expect(amplitude(audioOf(sent), 1_000)).toBeCloseTo(0.5, 2);
    });
  }

  it('lets nothing through that 16 kHz cannot hold: it would come back as a false tone', () => {
    const { processor, sent } = start(48_000, 1);
    play(processor, 48_000, 1, [10_000]);
    // 10 kHz folds to 6 kHz.
    expect(amplitude(audioOf(sent), 6_000)).toBeLessThan(0.001);
  });

  it('gives frames of 100 ms without losing a sample', () => {
    const { processor, sent } = start(44_100, 1);
    play(processor, 44_100, 10, [300]);
    expect(sent.every((message) => 'audio' in message && message.audio.length === 1_600)).toBe(true);
    expect(sent.length).toBe(100);
  });

  it('interleaves two channels and says how loud each is', () => {
    const { processor, sent } = start(48_000, 2);
    play(processor, 48_000, 1, [500, 2_000]);
    const audio = audioOf(sent);
    expect(amplitude(audio, 500, 2, 0)).toBeCloseTo(0.5, 2);
    expect(amplitude(audio, 500, 2, 1)).toBeLessThan(0.001);
    expect(amplitude(audio, 2_000, 2, 1)).toBeCloseTo(0.5, 2);
    const last = sent.at(-1);
    expect(last && 'peaks' in last && last.peaks.map((peak) => Math.round(peak * 10) / 10)).toEqual([0.5, 0.5]);
  });

  it('keeps a channel whose device is gone in step, silent', () => {
    const { processor, sent } = start(16_000, 2);
    for (let block = 0; block < 25; block += 1) processor.process([[new Float32Array(128).fill(0.25)]]);
    const audio = audioOf(sent);
    expect(audio.length).toBe(3_200);
    expect(audio.filter((_, index) => index % 2 === 1).every((sample) => sample === 0)).toBe(true);
    expect(audio.at(-2)).toBe(Math.round(0.25 * 32_767));
  });

  it('takes nothing on hold, and fills the last frame with silence at the end', () => {
    const { processor, sent } = start(16_000, 1);
    play(processor, 16_000, 0.15, [400]);
    processor.port.onmessage({ data: 'hold' });
    play(processor, 16_000, 1, [400]);
    expect(sent).toHaveLength(1);
    processor.port.onmessage({ data: 'flush' });
    expect(sent).toHaveLength(3);
    expect(sent[2]).toEqual({ flushed: true });
    expect(audioOf(sent).slice(-600).every((sample) => sample === 0)).toBe(true);
  });
});
