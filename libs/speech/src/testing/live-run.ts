import { setTimeout as delay } from 'node:timers/promises';
import type { CreateVoiceDetector } from '../detection/voice-detector.js';
import { LevelVoiceDetector } from '../detection/level-voice-detector.js';
import type { LiveEvent, LiveFinalEvent, LivePartialEvent, LiveSettledEvent, TrackCheckpoint } from '../live/live-event.js';
import { LiveScheduler } from '../live/live-scheduler.js';
import { LiveTranscriber } from '../live/live-transcriber.js';
import { FakeRecognizer } from '../recognition/fake-recognizer.js';
import type { Recognizer } from '../recognition/recognizer.js';
import { joined, babble, randomNumbers, seconds, silence } from './sounds.js';

export interface LiveRun {
  readonly recognizer?: Recognizer;
  readonly scheduler?: LiveScheduler;
  readonly createVoiceDetector?: CreateVoiceDetector;
  readonly checkpoints?: readonly TrackCheckpoint[];
  /** The first sample that is fed. */
  readonly from?: number;
  /** How many samples to feed next. */
  readonly piece?: () => number;
  readonly onEvent?: (event: LiveEvent) => void | Promise<void>;
  readonly toleratesFailure?: () => boolean;
  /** Between two feeds. */
  readonly pause?: () => Promise<unknown>;
}

const turnOfLoop = () => new Promise<void>((resolve) => setImmediate(resolve));

export const beginning = (channelCount: number): TrackCheckpoint[] => Array.from({ length: channelCount }, () => ({ sample: 0, nextIndex: 0 }));

/** Feeds all of the sound to a transcriber, ends it, and answers what it told. */
export async function runLive(channels: readonly Float32Array[], run: LiveRun = {}): Promise<LiveEvent[]> {
  const events: LiveEvent[] = [];
  const transcriber = new LiveTranscriber({
    channelCount: channels.length as 1 | 2,
    scheduler: run.scheduler ?? new LiveScheduler(run.recognizer ?? countingRecognizer(), { parallel: 2 }),
    createVoiceDetector: run.createVoiceDetector ?? (() => new LevelVoiceDetector()),
    checkpoints: run.checkpoints ?? beginning(channels.length),
    onEvent: (event) => {
      events.push(event);
      return run.onEvent?.(event);
    },
    onFailure: () => undefined,
    ...(run.toleratesFailure ? { toleratesFailure: run.toleratesFailure } : {}),
  });
  const length = channels[0]?.length ?? 0;
  for (let at = run.from ?? 0; at < length; ) {
    const until = Math.min(length, at + (run.piece?.() ?? 1600));
    transcriber.feed(at, channels.map((channel) => channel.slice(at, until)));
    at = until;
    await (run.pause ?? turnOfLoop)();
  }
  await transcriber.finish();
  return events;
}

/** A voice for the level detector: never below its threshold, loud and soft as speech is. */
export function voice(length: number, seed = 1): Float32Array {
  return babble(seconds(length), 0.4, seed).map((value, i) => value + (i % 16 < 8 ? 0.03 : -0.03));
}

/** A conversation: voices of 0.2 to 14 s with pauses of 0.1 to 7 s, the same for the same seed. */
export function conversation(length: number, seed: number): Float32Array {
  const next = randomNumbers(seed);
  const parts: Float32Array[] = [];
  for (let at = 0; at < length; ) {
    const speech = 0.2 + Math.abs(next()) ** 3 * 14;
    const pause = 0.1 + Math.abs(next()) ** 3 * 7;
    parts.push(voice(speech, seed * 1000 + parts.length), silence(seconds(pause)));
    at += speech + pause;
  }
  return joined(...parts).slice(0, seconds(length));
}

/** Says something that depends on every sample, after a while that depends on nothing (in milliseconds, at most). */
export function countingRecognizer(longestDelay = 0): FakeRecognizer {
  return new FakeRecognizer((samples) => {
    let hash = samples.length;
    for (let i = 0; i < samples.length; i += 23) hash = (Math.imul(hash, 31) + Math.round((samples[i] ?? 0) * 32_768)) | 0;
    const words = Array.from({ length: Math.ceil(samples.length / 8000) }, (_, i) => `w${((hash >>> (i % 24)) & 255).toString(36)}`);
    return { text: words.join(' '), delayMs: longestDelay > 0 ? Math.random() * longestDelay : 0 };
  });
}

export const finals = (events: readonly LiveEvent[]): LiveFinalEvent[] => events.filter((event) => event.kind === 'final');
export const settled = (events: readonly LiveEvent[]): LiveSettledEvent[] => events.filter((event) => event.kind === 'settled');
export const partials = (events: readonly LiveEvent[]): LivePartialEvent[] => events.filter((event) => event.kind === 'partial');
export const aMoment = (): Promise<unknown> => delay(Math.random() * 3);
