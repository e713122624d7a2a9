import type { CreateVoiceDetector } from '../detection/voice-detector.js';
import { SampleStore } from '../transcription/sample-store.js';
import type { DecodeSession } from './decode-session.js';
import type { LiveEvent, TrackCheckpoint } from './live-event.js';
import type { LiveScheduler } from './live-scheduler.js';
import { LiveTrack } from './live-track.js';

export interface LiveTranscriberOptions {
  readonly channelCount: 1 | 2;
  readonly scheduler: LiveScheduler;
  readonly createVoiceDetector: CreateVoiceDetector;
  /** Where each channel goes on; one per channel. */
  readonly checkpoints: readonly TrackCheckpoint[];
  /** Asked whenever the recogniser fails: true lets the session go on without those words, which its events say. By default it fails. */
  readonly toleratesFailure?: () => boolean;
  /**
   * Finals and settled events come one at a time, each when the promise of the one before has resolved: a track's finals in the order
   * of their numbers, its settled events in order and after their finals. Partials come in between. A rejection ends the transcriber.
   */
  readonly onEvent: (event: LiveEvent) => void | Promise<void>;
  /** Once, when the recogniser or `onEvent` fails: nothing more is told, and finish() rejects with the same reason. */
  readonly onFailure: (reason: unknown) => void;
}

/** Turns the sound of one session into events while it comes in. Memory does not grow with the length of the session. */
export class LiveTranscriber {
  private readonly decodes: DecodeSession;
  private sounds: readonly SampleStore[] = [];
  private tracks: readonly LiveTrack[] = [];
  private telling: Promise<void> = Promise.resolve();
  private stopped = false;
  private finished = false;
  private abandon: (reason: unknown) => void = () => undefined;
  private readonly abandoned = new Promise<never>((_, reject) => (this.abandon = reject));

  constructor(private readonly options: LiveTranscriberOptions) {
    if (options.checkpoints.length !== options.channelCount) throw new RangeError('One checkpoint per channel is needed');
    this.abandoned.catch(() => undefined);
    this.decodes = options.scheduler.open(options.toleratesFailure);
    this.decodes.onFailure = (reason) => this.fail(reason);
  }

  /**
   * The next samples of every channel (16 kHz, -1 to 1, equal lengths; kept, not copied), the first of them number `startSample` of the session. The
   * first call may begin at or before the earliest checkpoint; every other one where the last one ended. Throws a RangeError else.
   */
  feed(startSample: number, channels: readonly Float32Array[]): void {
    if (this.stopped) return;
    if (this.finished) throw new RangeError('The session has ended');
    if (this.tracks.length === 0) this.begin(startSample);
    const expected = this.sounds[0]?.end ?? startSample;
    if (startSample !== expected) throw new RangeError(`Samples from ${startSample} came where ${expected} was expected`);
    if (channels.length !== this.sounds.length || channels.some(({ length }) => length !== channels[0]?.length)) {
      throw new RangeError('Every channel needs the same number of samples');
    }
    this.sounds.forEach((sound, channel) => sound.append(channels[channel] ?? new Float32Array(0)));
    for (const track of this.tracks) track.advance();
    const neededFrom = Math.min(...this.tracks.map((track) => track.neededFrom));
    for (const sound of this.sounds) sound.forget(neededFrom);
  }

  /** Samples that were fed and are not settled (of the channel that has most): whoever feeds faster than real time waits on this. */
  get pendingSamples(): number {
    return Math.max(0, ...this.tracks.map((track) => track.pending));
  }

  /** The session ends here: resolves when everything is final and settled up to the last sample. Rejects after stop() or a failure. */
  async finish(): Promise<void> {
    if (this.tracks.length === 0) this.begin(this.firstCheckpoint);
    this.finished = true;
    await Promise.race([Promise.all(this.tracks.map((track) => track.finish())), this.abandoned]);
    await Promise.race([this.telling, this.abandoned]);
    this.decodes.close();
  }

  /** Tells nothing from now on and drops what waits for the recogniser. */
  stop(): void {
    if (this.stopped) return;
    this.stopped = true;
    this.decodes.close();
    this.abandon(new Error('The live transcriber was stopped'));
  }

  private get firstCheckpoint(): number {
    return Math.min(...this.options.checkpoints.map(({ sample }) => sample));
  }

  private begin(startSample: number): void {
    if (startSample > this.firstCheckpoint) throw new RangeError(`The sound from ${this.firstCheckpoint} on is needed`);
    const { channelCount, checkpoints, createVoiceDetector } = this.options;
    this.sounds = Array.from({ length: channelCount }, () => new SampleStore(startSample));
    this.tracks = checkpoints.map((checkpoint, channel) => new LiveTrack({
      channel, checkpoint, sound: this.sounds[channel] as SampleStore, other: this.sounds[1 - channel] ?? null,
      detector: createVoiceDetector(), decodes: this.decodes,
      tell: (event) => this.tell(event), onFailure: (reason) => this.fail(reason),
    }));
  }

  private tell(event: LiveEvent): Promise<void> {
    const telling = event.kind === 'partial' ? this.tellNow(event) : this.telling.then(() => this.tellNow(event));
    if (event.kind !== 'partial') this.telling = telling;
    telling.catch((reason: unknown) => this.fail(reason));
    return telling;
  }

  private async tellNow(event: LiveEvent): Promise<void> {
    if (!this.stopped) await this.options.onEvent(event);
  }

  private fail(reason: unknown): void {
    if (this.stopped) return;
    this.stopped = true;
    this.decodes.close();
    this.abandon(reason);
    this.options.onFailure(reason);
  }
}
