import type { RecordingView, SegmentView } from '@auscult/contracts';
import { LIVE_FRAME_SAMPLES } from '@auscult/contracts';
import { PcmAudio } from '../../src/modules/storage/index.js';
import { type StackOptions, type WorkerProcess, eventually } from '../index.js';
import type { Caller } from '../transcription/caller.js';
import { TranscriptionStack } from '../transcription/transcription-stack.js';
import { FrameSender, type FrameSenderOptions } from './frame-sender.js';
import type { LiveSound } from './live-sound.js';

/** A lease runs out after 6 s; the rest is for two busy cores. */
const DONE_MS = 120_000;

/** All that a transcript says, without what differs between two recordings. */
export type Said = Pick<SegmentView, 'startMs' | 'endMs' | 'text' | 'words'>;

/** The real application with live workers as the test asks for them. */
export class LiveStack {
  private readonly workers: WorkerProcess[] = [];
  private readonly senders: FrameSender[] = [];

  private constructor(readonly stack: TranscriptionStack) {}

  static async start(options: StackOptions = {}): Promise<LiveStack> {
    return new LiveStack(await TranscriptionStack.start(options));
  }

  get owner(): Caller {
    return this.stack.people.owner;
  }

  async startWorker(preload?: URL, env: Record<string, string> = {}): Promise<WorkerProcess> {
    const worker = await this.stack.stack.startLiveProcess(env, preload);
    this.workers.push(worker);
    return worker;
  }

  /** Kills all workers, closes all senders and deletes all sessions of a test. */
  async clear(): Promise<void> {
    await Promise.all(this.workers.splice(0).map((worker) => worker.kill()));
    for (const sender of this.senders.splice(0)) {
      sender.close();
      await eventually(() => this.owner.delete(`/api/recordings/${sender.recordingId}`));
    }
  }

  async open(sound: LiveSound, options: FrameSenderOptions = {}): Promise<FrameSender> {
    const sender = await FrameSender.open(this.owner, sound, options);
    this.senders.push(sender);
    return sender;
  }

  /** Waits until this many segments are written. */
  async written(id: string, segments: number): Promise<SegmentView[]> {
    return eventually(async () => {
      const found = (await this.owner.transcript(id)).segments;
      return found.length >= segments ? found : null;
    }, DONE_MS);
  }

  /** Sends what is missing, finishes, and waits until the recording is completed. */
  async complete(sender: FrameSender): Promise<RecordingView> {
    await sender.send();
    await sender.finish();
    await sender.untilStored(DONE_MS);
    return this.completed(sender.recordingId);
  }

  completed(id: string): Promise<RecordingView> {
    return eventually(async () => {
      const { body } = await this.owner.recording(id);
      return body.status === 'completed' ? body : null;
    }, DONE_MS);
  }

  async said(id: string): Promise<Said[]> {
    const { segments } = await eventually(() => this.owner.transcript(id));
    return segments.map(({ startMs, endMs, text, words }) => ({ startMs, endMs, text, words }));
  }

  /**
   * Where the stored sound differs from this, as `channel:sample`, the first place of each channel; none when every sample is the same. Jest's own
   * comparison of so many samples blocks the api of this process for seconds.
   */
  async differences(id: string, { channels, frames }: LiveSound): Promise<string[]> {
    const audio = this.stack.get(PcmAudio);
    const end = frames * LIVE_FRAME_SAMPLES;
    const found = channels.map(async (expected, channel) => {
      const stored = await audio.read(id, channel, 0, end);
      const first = stored.findIndex((sample, at) => sample !== expected[at]);
      return first === -1 ? [] : [`${channel}:${first}`];
    });
    return (await Promise.all(found)).flat();
  }

  async close(): Promise<void> {
    await this.clear();
    await this.stack.close();
  }
}
