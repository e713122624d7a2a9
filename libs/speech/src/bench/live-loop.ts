import { setTimeout as delay } from 'node:timers/promises';
import { SAMPLE_RATE } from '../audio/opened-audio.js';
import type { CreateVoiceDetector } from '../detection/voice-detector.js';
import type { LiveEvent } from '../live/live-event.js';
import { LiveScheduler, type LiveSchedulerStats } from '../live/live-scheduler.js';
import { LiveTranscriber } from '../live/live-transcriber.js';
import type { Recognizer } from '../recognition/recognizer.js';
import { LiveWatch, type WatchedFinal } from './live-watch.js';

export interface LiveLoopOptions {
  readonly recognizer: Recognizer;
  readonly createVoiceDetector: CreateVoiceDetector;
  /** Decodes that the machine does at once. */
  readonly parallel: number;
  /** Hears what nobody waits for; by default the same recogniser. */
  readonly background?: Recognizer;
}

/** Sessions do not begin in the same instant; 37 ms apart they do not fall into step with the frames either. In ms after the first. */
export const beginOf = (session: number): number => (session * 37) % 1000;

export interface RoundOptions extends LiveLoopOptions {
  readonly sessions: readonly Float32Array[];
  /** What ends later than this after the beginning is not counted. */
  readonly countedMs?: number;
}

export interface LiveLoopResult {
  /** Every final that counts, with the milliseconds from its last voiced sample to its coming. */
  readonly finals: readonly (WatchedFinal & { readonly session: number })[];
  /** For every word of the finals the milliseconds from its (estimated) end to its first sight, in a partial or the final. */
  readonly wordSightMs: readonly number[];
  /** Words that were shown as firm, and how many of them are not in the final. */
  readonly firmWords: number;
  readonly firmWrong: number;
  readonly wallSeconds: number;
  /** Per session: what the finals said, and what was settled. */
  readonly texts: readonly { readonly final: string; readonly refined: string }[];
  readonly stats: LiveSchedulerStats;
}

/** A live client's frame. */
const FRAME = SAMPLE_RATE / 10;

const schedulerFor = ({ recognizer, parallel, background }: LiveLoopOptions) => new LiveScheduler(recognizer, { parallel, ...(background ? { background } : {}) });

function transcriber(scheduler: LiveScheduler, options: LiveLoopOptions, onEvent: (event: LiveEvent) => void, onFailure: (reason: unknown) => void) {
  const { createVoiceDetector } = options;
  return new LiveTranscriber({ channelCount: 1, scheduler, createVoiceDetector, checkpoints: [{ sample: 0, nextIndex: 0 }], onEvent, onFailure });
}

async function speak(samples: Float32Array, session: LiveTranscriber, startedAt: number): Promise<void> {
  for (let at = 0; at < samples.length; at += FRAME) {
    const due = startedAt + ((at + FRAME) * 1000) / SAMPLE_RATE;
    await delay(Math.max(0, due - performance.now()));
    session.feed(at, [samples.subarray(at, at + FRAME)]);
  }
  await session.finish();
}

/**
 * What live transcription can do at best on this machine: mono sessions spoken at once in real time, frames of 100 ms, and nothing
 * else: no sockets, no Redis, no database. The measure for the whole system. Takes as long as the longest session.
 */
export async function liveLoop({ sessions, countedMs, ...options }: RoundOptions): Promise<LiveLoopResult> {
  const scheduler = schedulerFor(options);
  const beganAt = performance.now();
  const watches = await Promise.all(sessions.map(async (samples, index) => {
    const startedAt = beganAt + beginOf(index);
    const watch = new LiveWatch(startedAt, countedMs && countedMs - beginOf(index));
    let session: LiveTranscriber | null = null;
    const failure = new Promise<never>((_, reject) => (session = transcriber(scheduler, options, (event) => watch.see(event), reject)));
    await Promise.race([speak(samples, session as unknown as LiveTranscriber, startedAt), failure]);
    return watch;
  }));
  return {
    finals: watches.flatMap(({ finals }, session) => finals.map((final) => ({ ...final, session }))),
    wordSightMs: watches.flatMap(({ wordSightMs }) => wordSightMs),
    firmWords: watches.reduce((sum, { firmWords }) => sum + firmWords, 0),
    firmWrong: watches.reduce((sum, { firmWrong }) => sum + firmWrong, 0),
    wallSeconds: (performance.now() - beganAt) / 1000,
    texts: watches.map(({ texts }) => texts),
    stats: scheduler.stats,
  };
}

/** Sound that waits to be settled while a file is fed as fast as it is recognised. */
const MOST_PENDING = 60 * SAMPLE_RATE;

/** The text of a live session as fast as it can be had: what accuracy is measured by. */
export async function liveText(samples: Float32Array, options: LiveLoopOptions): Promise<{ final: string; refined: string }> {
  const watch = new LiveWatch(performance.now());
  const failed = new AbortController();
  const session = transcriber(schedulerFor(options), options, (event) => watch.see(event), (reason) => failed.abort(reason));
  for (let at = 0; at < samples.length; at += FRAME) {
    session.feed(at, [samples.subarray(at, at + FRAME)]);
    while (session.pendingSamples > MOST_PENDING) await delay(5, undefined, { signal: failed.signal });
  }
  await session.finish();
  return watch.texts;
}
