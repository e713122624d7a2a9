import { expect } from '@jest/globals';
import type { StackOptions, WorkerProcess } from '../index.js';
import { type FrameSender, type FrameSenderOptions, framesOf } from './frame-sender.js';
import type { LiveSound } from './live-sound.js';
import { LiveStack, type Said } from './live-stack.js';

/** In the middle of a tone of `toneSound`, with words before it that are settled and words that are not. */
export const MIDDLE = framesOf(14.3);

/** Sessions to which something happens, and what the same sound becomes when nothing does. */
export class FaultTrial {
  private constructor(
    readonly stack: LiveStack,
    readonly sound: LiveSound,
    readonly undisturbed: readonly Said[],
  ) {}

  static async start(sound: LiveSound, options: StackOptions = {}): Promise<FaultTrial> {
    const stack = await LiveStack.start(options);
    await stack.startWorker();
    const sender = await stack.open(sound);
    await stack.complete(sender);
    const undisturbed = await stack.said(sender.recordingId);
    await stack.clear();
    return new FaultTrial(stack, sound, undisturbed);
  }

  /** A session in the middle of a word: some of it is stored and written, some of it is only in Redis. */
  async underWay(options: FrameSenderOptions = {}): Promise<FrameSender> {
    const sender = await this.stack.open(this.sound, options);
    await sender.send(MIDDLE);
    await this.stack.written(sender.recordingId, 3);
    expect((await this.stack.owner.recording(sender.recordingId)).body.status).toBe('live');
    return sender;
  }

  /** Completes the session and compares every sample and every word. */
  async expectWhole(sender: FrameSender): Promise<void> {
    await this.stack.complete(sender);
    await this.expectCompleted(sender.recordingId);
  }

  async expectCompleted(recordingId: string): Promise<void> {
    const recording = await this.stack.completed(recordingId);
    expect(await this.stack.said(recordingId)).toEqual(this.undisturbed);
    expect(await this.stack.differences(recordingId, this.sound)).toEqual([]);
    const words = this.undisturbed.reduce((sum, segment) => sum + segment.words.length, 0);
    expect(recording).toMatchObject({ status: 'completed', wordCount: words, durationMs: this.sound.frames * 100 });
  }

  async close(): Promise<void> {
    await this.stack.close();
  }
}

/** One of the live worker's own numbers, without `auscult_live_`. */
export async function liveMetric(worker: WorkerProcess, name: string): Promise<number> {
  const text = await (await fetch(`${worker.metricsUrl}/metrics`)).text();
  return Number(new RegExp(`^auscult_live_${name} (.*)$`, 'm').exec(text)?.[1]);
}
