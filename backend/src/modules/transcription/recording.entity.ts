import type { LiveSource, RecordingStatus, TranscriptionFailureCode, TranscriptionNoticeCode } from '@auscult/contracts';
import { BigIntType } from '@mikro-orm/core';
import { Embedded, Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { ProblemError } from '../../platform/http/index.js';
import { type Claimable, MAX_FRUITLESS_ATTEMPTS, isPresumedDead } from './run-hold.js';
import { SecondPass } from './second-pass.js';

export interface NewRecording {
  id: string;
  ownerId: string;
  title: string;
  mediaType: string;
  sizeBytes: number;
}

export interface NewLiveSession {
  id: string;
  ownerId: string;
  title: string;
  source: LiveSource;
  channelCount: 1 | 2;
}

/** What is known of the audio once it has been opened. */
export interface AudioFacts {
  mediaType: string;
  channelCount: number;
  durationMs: number | null;
  engine: string;
}

export interface Completion {
  durationMs: number;
  notices: TranscriptionNoticeCode[];
  waveform: { binMs: number; peaks: readonly Uint8Array[] };
}

/**
 * A session and the state of its transcription. An uploaded one: `queued` -> `transcribing` -> `completed`, `failed` or `cancelled`; one
 * that is made live: `live` -> `completed`.
 * The methods are the only way from one state to another; load the row with a write lock before calling one.
 */
@Entity({ tableName: 'recording' })
export class Recording implements Claimable {
  /** The id of the stored object that holds the audio, or of the parts that a live session's audio consists of. */
  @PrimaryKey({ type: 'uuid' })
  id!: string;

  @Property({ type: 'uuid' })
  ownerId!: string;

  @Property({ type: 'string' })
  title!: string;

  @Property({ type: 'string' })
  status: RecordingStatus = 'queued';

  @Property({ type: 'string' })
  mediaType!: string;

  @Property({ type: new BigIntType('number') })
  sizeBytes!: number;

  /** How it is, or was, made live; null for an upload. */
  @Property({ type: 'string', nullable: true })
  liveSource: LiveSource | null = null;

  /** Frames that the sender of a live session announced at its end. */
  @Property({ type: 'integer', nullable: true })
  liveFrames: number | null = null;

  /** Frames that each sender of a live session that was replaced had sent by then, until it came back and sent more: what it kept from there on is not in the recording. */
  @Property({ type: 'json', nullable: true })
  liveSentBy: Record<string, number> | null = null;

  @Property({ type: 'integer', nullable: true })
  durationMs: number | null = null;

  @Property({ type: 'integer', nullable: true })
  channelCount: number | null = null;

  @Property({ type: 'integer' })
  transcribedMs = 0;

  /** The checkpoint: utterances 0 to this are saved, also those in which no words were found. */
  @Property({ type: 'integer' })
  utterancesDone = 0;

  @Property({ type: 'integer' })
  wordCount = 0;

  @Property({ type: 'string', nullable: true })
  engine: string | null = null;

  @Property({ type: 'string', nullable: true })
  failureCode: TranscriptionFailureCode | null = null;

  @Property({ type: 'array' })
  notices: TranscriptionNoticeCode[] = [];

  @Property({ type: 'integer', nullable: true })
  waveformBinMs: number | null = null;

  /** The peaks of the first channel, then those of the second; not loaded unless asked for. */
  @Property({ type: 'blob', nullable: true, lazy: true })
  waveformPeaks: Buffer | null = null;

  /** Fencing token: only the run that holds it may write. */
  @Property({ type: 'uuid', nullable: true })
  runId: string | null = null;

  /** Claims since the last utterance was saved. */
  @Property({ type: 'integer' })
  attempts = 0;

  @Property({ type: 'datetime', nullable: true })
  heartbeatAt: Date | null = null;

  @Property({ type: 'datetime' })
  createdAt!: Date;

  @Property({ type: 'datetime', nullable: true })
  startedAt: Date | null = null;

  @Property({ type: 'datetime', nullable: true })
  completedAt: Date | null = null;

  @Embedded(() => SecondPass, { prefix: 'second_pass_' })
  secondPass = new SecondPass();

  static submit(facts: NewRecording, now: Date): Recording {
    return Object.assign(new Recording(), facts, { createdAt: now });
  }

  /** A session that is made live; its audio is written as 16-bit PCM, part by part. */
  static startLive({ source, ...facts }: NewLiveSession, now: Date): Recording {
    const live = { status: 'live' as const, liveSource: source, mediaType: 'audio/wav', sizeBytes: 0, createdAt: now, startedAt: now };
    return Object.assign(new Recording(), facts, live);
  }

  /** The sender has said how many frames the session has; what is missing of them may still come. Saying it again changes nothing. */
  finishLive(frames: number): void {
    if (this.status === 'live') this.liveFrames ??= frames;
  }

  /** Nothing behind this many frames is waited for any more, whatever the sender has said. */
  endLive(frames: number): void {
    if (this.status === 'live') this.liveFrames = Math.min(this.liveFrames ?? frames, frames);
  }

  /** Nothing more is to come and everything is written. A better model may wait to hear it once more. */
  completeLive(result: Completion, now: Date, next?: 'second-pass'): void {
    if (this.status !== 'live') throw new Error('The recording is not live');
    this.complete(result, now);
    if (next === 'second-pass') this.secondPass.ask();
  }

  /** Whether transcribing again means a second hearing: of a live session nothing is thrown away for it. */
  get canBeHeardAgain(): boolean {
    return this.liveSource !== null && this.status === 'completed';
  }

  /** The transcript says now what the second hearing says. */
  heardAgain(engine: string, wordCount: number, notices: TranscriptionNoticeCode[]): void {
    this.engine = engine;
    this.wordCount = wordCount;
    this.notices = notices;
    this.secondPass.finish();
  }

  rename(title: string): void {
    this.title = title;
  }

  /**
   * A run takes the recording over. Answers `taken` when another run is alive or there is nothing to do, and `given-up` when
   * too many runs have died at the same place; the recording has failed then.
   */
  claim(runId: string, now: Date): 'claimed' | 'taken' | 'given-up' {
    if (!this.isClaimable(now)) return 'taken';
    if (this.attempts >= MAX_FRUITLESS_ATTEMPTS) {
      this.fail(this.status === 'transcribing' ? 'worker-crashed' : 'internal');
      return 'given-up';
    }
    this.status = 'transcribing';
    this.runId = runId;
    this.attempts += 1;
    this.heartbeatAt = now;
    this.startedAt ??= now;
    return 'claimed';
  }

  opened(facts: AudioFacts): void {
    this.mediaType = facts.mediaType;
    this.channelCount = facts.channelCount;
    this.durationMs = facts.durationMs;
    this.engine = facts.engine;
  }

  /** Utterances were saved: the checkpoint moves on and the run has shown that it can. */
  advance(utterancesDone: number, reachedMs: number, words: number, now: Date): void {
    if (utterancesDone > this.utterancesDone) this.attempts = 0;
    this.utterancesDone = utterancesDone;
    this.transcribedMs = Math.max(this.transcribedMs, reachedMs);
    this.wordCount += words;
    this.heartbeatAt = now;
  }

  /** Something was said in a live session that the recogniser failed at again and again. Answers whether that is news. */
  lackWords(): boolean {
    if (this.notices.includes('words-missing')) return false;
    this.notices = [...this.notices, 'words-missing'];
    return true;
  }

  complete(result: Completion, now: Date): void {
    this.durationMs = result.durationMs;
    this.transcribedMs = result.durationMs;
    this.notices = result.notices;
    this.waveformBinMs = result.waveform.binMs;
    this.waveformPeaks = Buffer.concat(result.waveform.peaks);
    this.completedAt = now;
    this.end('completed');
  }

  fail(code: TranscriptionFailureCode): void {
    this.end('failed');
    this.failureCode = code;
  }

  /**
   * The run stops without a result (its worker shuts down, or something unexpected went wrong); another one continues. An
   * orderly stop does not count as a fruitless attempt.
   */
  release(reason: 'shutdown' | 'fault'): void {
    if (reason === 'fault' && this.attempts >= MAX_FRUITLESS_ATTEMPTS) return this.fail('internal');
    if (reason === 'shutdown') this.attempts = Math.max(0, this.attempts - 1);
    this.end('queued');
  }

  /**
   * The queue has given the job up. A recording that faults made wait has failed; one whose worker died fails only after enough
   * fruitless runs, else the search for lost work brings it back. Answers whether it has failed now.
   */
  abandon(now: Date): boolean {
    if (this.status === 'queued' && this.attempts > 0) this.fail('internal');
    else if (this.isClaimable(now) && this.attempts >= MAX_FRUITLESS_ATTEMPTS) this.fail('worker-crashed');
    return this.status === 'failed';
  }

  cancel(): void {
    if (this.status !== 'queued' && this.status !== 'transcribing') {
      throw new ProblemError('recording-state', 'Only a recording that waits or is being transcribed can be cancelled.');
    }
    this.end('cancelled');
  }

  /** Back to the queue. A failed or cancelled one continues after what was saved. */
  retry(): void {
    if (this.status === 'live') throw new ProblemError('recording-state', 'The session is not over yet.');
    if (this.status === 'queued' || this.status === 'transcribing') {
      throw new ProblemError('recording-state', 'The recording is already waiting or being transcribed.');
    }
    this.end('queued');
    this.attempts = 0;
    this.completedAt = null;
  }

  /** Forgets what was transcribed; the caller removes the segments in the same transaction. */
  startAnew(): void {
    this.utterancesDone = 0;
    this.transcribedMs = 0;
    this.wordCount = 0;
    this.notices = [];
    this.startedAt = null;
    this.waveformBinMs = null;
    this.waveformPeaks = null;
  }

  private isClaimable(now: Date): boolean {
    if (this.status === 'queued') return true;
    if (this.status !== 'transcribing') return false;
    return isPresumedDead(this.heartbeatAt, now);
  }

  private end(status: RecordingStatus): void {
    this.status = status;
    this.failureCode = null;
    this.runId = null;
    this.heartbeatAt = null;
  }
}
