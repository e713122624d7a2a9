import { LIVE_FRAME_SAMPLES, LIVE_SAMPLE_RATE } from '@auscult/contracts';

const AMPLITUDE = 12_000;

/** A sound that is to be sent: 16-bit samples of each channel, as many as make whole frames. */
export class LiveSound {
  readonly frames: number;

  constructor(readonly channels: readonly Int16Array[]) {
    this.frames = Math.floor((channels[0]?.length ?? 0) / LIVE_FRAME_SAMPLES);
  }

  get channelCount(): number {
    return this.channels.length;
  }

  /** Frames `first` to `until` - 1 as they are sent. */
  bytes(first: number, until: number): Uint8Array {
    const samples = new Int16Array((until - first) * LIVE_FRAME_SAMPLES * this.channelCount);
    for (const [channel, own] of this.channels.entries()) {
      for (let at = 0; at < (until - first) * LIVE_FRAME_SAMPLES; at += 1) samples[at * this.channelCount + channel] = own[first * LIVE_FRAME_SAMPLES + at] ?? 0;
    }
    return new Uint8Array(samples.buffer);
  }

  /** The same with silence in frames `from` to `until` - 1. */
  silenced(from: number, until: number): LiveSound {
    return new LiveSound(this.channels.map((own) => Int16Array.from(own).fill(0, from * LIVE_FRAME_SAMPLES, until * LIVE_FRAME_SAMPLES)));
  }
}

type Pitch = (tone: number, channel: number) => number;
const rising: Pitch = (tone, channel) => 200 + 60 * tone + 30 * channel;

/**
 * Tones of a second, each of another pitch, as the fake recogniser tells them apart. Pauses alternate between one that keeps two utterances
 * together (0.8 s) and one that parts them (2.6 s); the second channel speaks in the first one's pauses.
 */
export function toneSound(tones: number, channelCount: 1 | 2 = 1, pitch = rising): LiveSound {
  const pair = Math.round((2 + 0.8 + 2.6) * LIVE_SAMPLE_RATE);
  const length = Math.ceil(tones / 2) * pair;
  return new LiveSound(Array.from({ length: channelCount }, (_, channel) => {
    const samples = new Int16Array(length);
    for (let tone = 0; tone < tones; tone += 1) {
      const start = Math.floor(tone / 2) * pair + (tone % 2) * 1.8 * LIVE_SAMPLE_RATE + (0.4 + channel * 0.9) * LIVE_SAMPLE_RATE;
      writeTone(samples, Math.round(start), pitch(tone, channel));
    }
    return samples;
  }));
}

/** A tone of a second every four seconds, each of another pitch: the worker's fake knows where they lie, too. */
export function evenTones(tones: number): LiveSound {
  const samples = new Int16Array(tones * 4 * LIVE_SAMPLE_RATE);
  for (let tone = 0; tone < tones; tone += 1) writeTone(samples, tone * 4 * LIVE_SAMPLE_RATE, 200 + 40 * tone);
  return new LiveSound([samples]);
}

function writeTone(samples: Int16Array, start: number, hertz: number): void {
  for (let at = 0; at < LIVE_SAMPLE_RATE && start + at < samples.length; at += 1) {
    samples[start + at] = Math.round(AMPLITUDE * Math.sin((2 * Math.PI * hertz * at) / LIVE_SAMPLE_RATE));
  }
}
