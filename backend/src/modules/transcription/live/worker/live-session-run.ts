import { setTimeout as pause } from 'node:timers/promises';
import { LIVE_FRAME_SAMPLES, LIVE_WINDOW_FRAMES } from '@auscult/contracts';
import { LiveTranscriber } from '@auscult/speech';
import type { Recording } from '../../recording.entity.js';
import { MAX_FRUITLESS_ATTEMPTS } from '../../run-hold.js';
import { isConnectionError } from '../../worker/connection-patience.js';
import type { LiveAudioStream, LiveStreamState } from '../live-audio-stream.js';
import type { Beat } from '../live-session.repository.js';
import { FramesDamagedError } from '../sealed-frames.js';
import { waveformOf } from './finished-sound.js';
import type { Frames } from './frames.js';
import { Lease } from './lease.js';
import type { LiveAudioReads } from './live-audio-reads.service.js';
import type { LiveMetrics } from './live-metrics.service.js';
import { type Beginning, type FinishedLive, LiveRunWrites, type LiveStores } from './live-run-writes.js';
import type { LiveEngine } from './live-speech.service.js';
import type { SessionAnnouncements } from './session-announcements.service.js';
import { SessionProgress } from './session-progress.js';
import { FramesMissingError, SessionReader } from './session-reader.js';
import { SessionTelling } from './session-telling.js';
import { SessionWords } from './session-words.js';
import { SupersededError } from './superseded-error.js';

/** So much may wait to become durable before reading pauses: less than a sender may send without an answer. */
const MOST_UNSTORED_FRAMES = LIVE_WINDOW_FRAMES - 100;
const WAV_HEADER_BYTES = 44;
/** Until it is asked again who has the session, where frames are missing. */
const UNSURE_PAUSE_MS = 500;

export interface RunTools {
  readonly stores: LiveStores;
  readonly stream: LiveAudioStream;
  readonly reads: LiveAudioReads;
  readonly announcements: SessionAnnouncements;
  readonly metrics: LiveMetrics;
  readonly engine: LiveEngine;
  /** A sender that is silent for the first of these counts as gone, once a run has waited for it for the second. */
  readonly patience: { readonly abandonedSeconds: number; readonly returnSeconds: number };
  /** What a completed session is to be done with. */
  readonly next: 'second-pass' | undefined;
}

export interface HeldSession {
  readonly recordingId: string;
  readonly runId: string;
}

/** The parts of a run that has begun. */
interface Begun {
  readonly channelCount: number;
  readonly reader: SessionReader;
  readonly progress: SessionProgress;
  readonly words: SessionWords;
  readonly telling: SessionTelling;
  readonly transcriber: LiveTranscriber;
}

/** One worker's hold on one live session: from the checkpoints to its end, or until it is taken away. */
export class LiveSessionRun {
  private readonly stop = new AbortController();
  private readonly writes: LiveRunWrites;
  private readonly lease = new Lease();
  private begun: Begun | null = null;
  /** The session has failed at this place again and again: it goes on without the words that the recogniser fails at. */
  private givesUp = false;
  private wake: () => void = () => undefined;
  private looking: Promise<void> | null = null;
  private mustLookAgain = false;
  private readonly beganAt = performance.now();

  constructor(
    private readonly tools: RunTools,
    readonly held: HeldSession,
  ) {
    this.writes = new LiveRunWrites(tools.stores, held.recordingId, held.runId, this.stop.signal);
  }

  /** Ends the run where it is; `transcribe` rejects with the reason. */
  end(reason: Error): void {
    this.stop.abort(reason);
    // Or the end of a session would be waited for, however much is left to recognise.
    this.begun?.transcriber.stop();
    this.wake();
  }

  get lagSeconds(): number {
    return this.begun ? this.begun.progress.lagSeconds(this.begun.reader.position) : 0;
  }

  /** Something was announced: the row may have changed. One look at a time, since it may wait for whoever writes to the session; what is announced meanwhile makes it look once more. */
  look(): void {
    this.mustLookAgain = true;
    this.looking ??= this.lookUntilCurrent().catch((error: unknown) => this.fail(error)).finally(() => (this.looking = null));
  }

  /**
   * The lease was renewed together with those of other sessions.
   * @param beat null while the database is away
   * @param askedAt when it was asked for, performance.now()
   * @param state null when Redis does not know the session, undefined while it is away
   */
  renewed(beat: Beat | null, askedAt: number, state: LiveStreamState | null | undefined): void {
    if (beat) this.lease.renewed(askedAt);
    const { begun } = this;
    if (begun) begun.progress.seen(state).then(({ beganAnew }) => this.heed(begun, beat, beganAnew)).catch((error: unknown) => this.fail(error));
  }

  /** Resolves once the recording is completed. @throws SupersededError, or whatever stopped it */
  async transcribe(): Promise<void> {
    try {
      const begun = await this.begin();
      this.begun = begun;
      await this.readAll(begun);
      await this.finish(begun);
    } catch (error) {
      const reason: unknown = this.stop.signal.aborted ? this.stop.signal.reason : error;
      if (reason instanceof SupersededError) await this.leaveNothingDeleted();
      throw reason;
    } finally {
      this.begun?.transcriber.stop();
      this.begun?.telling.stop();
    }
  }

  /** Who deleted the session may not have come to emptying Redis, or Redis was away then: nobody else knows of the sound there. What it keeps nevertheless has a time limit. */
  private async leaveNothingDeleted(): Promise<void> {
    const { stream } = this.tools;
    const { recordingId } = this.held;
    await this.writes.find().then((recording) => (recording ? undefined : stream.remove(recordingId))).catch(() => undefined);
  }

  private async begin(): Promise<Begun> {
    const { tools, held } = this;
    const beginning = await this.writes.begin(tools.engine.name);
    const { recording, speakers, offRecord, tracks, writer } = beginning;
    const channelCount = recording.channelCount === 2 ? 2 : 1;
    const stored = Math.floor(Math.min(...tracks.map(({ storedSamples }) => storedSamples)) / LIVE_FRAME_SAMPLES);
    const progress = new SessionProgress(tools.stream, held.recordingId, writer, stored, () => tools.engine.scheduler.sessionsPerSlot);
    const reader = new SessionReader(tools.reads, { recordingId: held.recordingId, channelCount, offRecord, signal: this.stop.signal }, stored);
    reader.end = recording.liveFrames ?? reader.end;
    const telling = new SessionTelling(tools, held.recordingId, this.lease, progress, () => this.stored());
    const { words, transcriber } = this.hearing(beginning, channelCount, telling);
    tools.announcements.speakers(held.recordingId, speakers);
    await progress.look();
    if (progress.unread(stored) > 0) tools.metrics.replays.inc();
    return { channelCount, reader, progress, words, telling, transcriber };
  }

  private hearing({ recording, speakers, tracks, failures }: Beginning, channelCount: 1 | 2, telling: SessionTelling): Pick<Begun, 'words' | 'transcriber'> {
    const { engine, stores, metrics } = this.tools;
    const words = new SessionWords({
      writes: this.writes, speakers, channelCount, metrics, listener: telling,
      sound: { store: (samples) => stores.audio.write(recording.ownerId, samples), giveUp: (objectId) => stores.audio.giveUp(objectId) },
      signal: this.stop.signal,
      onFailure: (reason) => this.fail(reason),
    });
    this.givesUp = failures >= MAX_FRUITLESS_ATTEMPTS;
    const transcriber = new LiveTranscriber({
      channelCount,
      scheduler: engine.scheduler,
      createVoiceDetector: engine.createVoiceDetector,
      checkpoints: tracks.map(({ storedSamples, nextUtterance }) => ({ sample: storedSamples, nextIndex: nextUtterance })),
      // What a lost device fails at waits for another one: nothing is stored without its words for that.
      toleratesFailure: () => this.givesUp && engine.isUsable(),
      onEvent: words.hear,
      onFailure: (reason) => this.fail(reason),
    });
    return { words, transcriber };
  }

  private async readAll(begun: Begun): Promise<void> {
    const { reader, words, transcriber, progress } = begun;
    while (!reader.isAtEnd) {
      this.stop.signal.throwIfAborted();
      for (const frames of await this.read(reader, progress)) {
        transcriber.feed(frames.first * LIVE_FRAME_SAMPLES, words.keep(frames));
        this.tools.metrics.received(frames.frames);
      }
      while (reader.position - progress.stored > MOST_UNSTORED_FRAMES && !this.stop.signal.aborted) {
        await new Promise<void>((resolve) => (this.wake = resolve));
      }
    }
  }

  /**
   * Frames that are gone, or that do not open, are asked for again: without its state in Redis, the session is refilled by its sender
   * from what is durable. Only who holds the lease may do that.
   */
  private async read(reader: SessionReader, progress: SessionProgress): Promise<Frames[]> {
    try {
      return await reader.read(progress.unread(reader.position) > 0);
    } catch (error) {
      if (!(error instanceof FramesMissingError || error instanceof FramesDamagedError)) throw error;
      // Redis may have been cut by who has the session now.
      if (!(await this.beat())) return pause(UNSURE_PAUSE_MS, [], { signal: this.stop.signal });
      this.tools.metrics.replays.inc();
      await this.tools.stream.remove(this.held.recordingId);
      progress.lost();
      return [];
    }
  }

  private async finish({ reader, words, transcriber, channelCount }: Begun): Promise<void> {
    const { stores, stream, announcements, engine, next } = this.tools;
    const { recordingId } = this.held;
    await transcriber.finish();
    await words.written();
    this.stop.signal.throwIfAborted();
    const frames = reader.position;
    const waveform = await waveformOf(stores.audio, recordingId, channelCount, frames, this.stop.signal);
    const sizeBytes = WAV_HEADER_BYTES + frames * LIVE_FRAME_SAMPLES * channelCount * 2;
    const state = await stream.state(recordingId).catch(() => null);
    const sentBy = state && Object.fromEntries(state.sentBy);
    await announcements.completed(await this.complete({ frames, engine: engine.name, sizeBytes, waveform, next: frames > 0 ? next : undefined, sentBy }));
    // While Redis is away there is nothing to remove; what it keeps has a time limit.
    await stream.remove(recordingId).catch(() => undefined);
  }

  /** The answer to the commit may have been lost: then the session is nobody's any more and the recording is completed. */
  private async complete(finished: FinishedLive): Promise<Recording> {
    try {
      return await this.writes.complete(finished);
    } catch (error) {
      const recording = error instanceof SupersededError ? await this.writes.find() : null;
      if (recording?.status === 'completed') return recording;
      throw error;
    }
  }

  private stored(): void {
    this.givesUp = false;
    this.wake();
  }

  private async lookUntilCurrent(): Promise<void> {
    while (this.mustLookAgain && !this.stop.signal.aborted) {
      this.mustLookAgain = false;
      await this.beat();
    }
  }

  /** Whether the lease was renewed: not while the database is away. @throws SupersededError */
  private async beat(): Promise<boolean> {
    const askedAt = performance.now();
    const beat = await this.writes.beat().catch((error: unknown) => {
      if (isConnectionError(error)) return null;
      throw error;
    });
    if (beat) this.lease.renewed(askedAt);
    const { begun } = this;
    if (begun) this.heed(begun, beat, (await begun.progress.look()).beganAnew);
    return beat !== null;
  }

  private heed({ reader, progress, telling }: Begun, beat: Beat | null, beganAnew: boolean): void {
    if (beat) progress.writer = beat.writer;
    if (beganAnew) this.tools.metrics.replays.inc();
    if (beat?.liveFrames != null) reader.end = beat.liveFrames;
    if (beat && this.isAbandoned(beat.silentSeconds) && progress.hasAll(reader.position)) reader.end = reader.position;
    telling.progress(reader.position);
  }

  /**
   * The sender has not been seen for so long that it will not come back: what was received is the session. It could not be seen while this system
   * itself was switched off, so that it has some time to come back after that.
   */
  private isAbandoned(silentSeconds: number): boolean {
    const { abandonedSeconds, returnSeconds } = this.tools.patience;
    return silentSeconds > abandonedSeconds && performance.now() - this.beganAt > returnSeconds * 1000;
  }

  private fail(reason: unknown): void {
    this.end(reason instanceof Error ? reason : new Error('The run failed', { cause: reason }));
  }
}
