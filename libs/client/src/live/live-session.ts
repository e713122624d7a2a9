import { LIVE_FRAME_MS, LIVE_MAX_FRAMES, LIVE_WINDOW_FRAMES } from '@auscult/contracts';
import { CommandQueue } from './command-queue.js';
import { ProblemError } from '../errors.js';
import { FrameCutter, frameBytesOf } from './frame-cutter.js';
import type { LiveCommand } from './live-commands.js';
import type { LiveSender, LiveSessionOptions } from './live-sender.js';
import type { LiveSendProblem, LiveSendState } from './live-send-state.js';
import { liveTiming, type LiveTiming } from './live-timing.js';
import { MemoryFrameSpool } from './memory-frame-spool.js';
import { SessionLink } from './session-link.js';
import { SpooledFrames } from './spooled-frames.js';

/** A file that is read faster than it is sent may be this much ahead of what is stored. */
const ROOM_FRAMES = LIVE_WINDOW_FRAMES + 64;
/** Silence that ends an utterance: half a second, and some for the detector. Else the last words before a pause would be open until it is over. */
const ENDING_FRAMES = 8;
/** Less than this that waits is what is on its way at any moment. */
const BACKLOG_FRAMES = 20;

/**
 * One sender of one live session, in a browser or in Node. Sound is cut into frames, kept in the spool until the server has stored it,
 * and sent from where the server is, again and again through reconnects, until `finish` or `close`.
 */
export class LiveSession implements LiveSender {
  readonly recordingId: string;
  readonly #options: LiveSessionOptions;
  readonly #cutter: FrameCutter;
  readonly #frames: SpooledFrames;
  readonly #commands: CommandQueue;
  readonly #link: SessionLink;
  readonly #waitingForRoom = new Set<() => void>();
  #state: LiveSendState;
  #pausedSince: number | null = null;
  /** Of the silence with which the pause began, in ms. */
  #endingMs = 0;
  /** Since the last pause. */
  #hasSounded: boolean;
  #ended = false;
  #tooLong = false;
  /** performance.now(): not before then is the voice detector asked for. */
  #askedAgainAt = 0;

  constructor(options: LiveSessionOptions, timing: LiveTiming = liveTiming) {
    this.#options = options;
    this.recordingId = options.recordingId;
    const frameBytes = frameBytesOf(options.channelCount);
    const spool = options.spool ?? new MemoryFrameSpool(frameBytes);
    this.#cutter = new FrameCutter(frameBytes);
    this.#hasSounded = spool.next > 0;
    this.#frames = new SpooledFrames({ spool, channelCount: options.channelCount, retryMs: timing.retryMs, onChange: () => this.#changed() });
    this.#commands = new CommandQueue(options.commands ?? null);
    this.#link = new SessionLink({
      options, timing, frames: this.#frames, commands: this.#commands,
      onChange: () => this.#changed(),
      onGather: () => void this.#listen(timing.retryMaxMs),
      onEnded: () => (this.#ended = true),
    });
    this.#state = this.#look();
    this.#link.start();
  }

  get state(): LiveSendState {
    return this.#state;
  }

  get positionMs(): number {
    return Math.floor((this.#frames.next + this.#cutter.fraction) * LIVE_FRAME_MS);
  }

  push(audio: Int16Array | Uint8Array): void {
    if (this.#pausedSince !== null || this.#ended) return;
    const frames = this.#cutter.cut(audio);
    this.#hasSounded = true;
    this.#add(frames);
    if (this.#frames.next < LIVE_MAX_FRAMES) return;
    this.#tooLong = true;
    this.#end();
  }

  async room(): Promise<void> {
    while (this.#state.kept >= ROOM_FRAMES && !this.#link.isOver) {
      await new Promise<void>((resolve) => this.#waitingForRoom.add(resolve));
    }
  }

  mark(atMs = this.positionMs, label?: string): string {
    const markerId = crypto.randomUUID();
    this.#command({ kind: 'mark', mark: { markerId, kind: 'marker', atMs: Math.round(atMs), ...(label === undefined ? {} : { label }) } });
    return markerId;
  }

  pause(since = Date.now()): void {
    if (this.#pausedSince !== null || this.#ended) return;
    this.#pausedSince = since;
    const before = this.positionMs;
    if (this.#hasSounded) this.#endUtterance();
    this.#endingMs = this.positionMs - before;
    this.#changed();
  }

  resume(): void {
    if (this.#pausedSince === null) return;
    const durationMs = Math.max(0, Date.now() - this.#pausedSince);
    this.#pausedSince = null;
    // Seen from where the session stands now: what is kept may have moved behind another device's sound.
    this.#command({ kind: 'mark', mark: { markerId: crypto.randomUUID(), kind: 'pause', atMs: this.positionMs - this.#endingMs, durationMs } });
  }

  forget(minutes: 1 | 2 | 5): string {
    const markerId = crypto.randomUUID();
    const until = this.#frames.next;
    this.#cutter.silence();
    void this.#frames.silence(Math.max(0, until - (minutes * 60_000) / LIVE_FRAME_MS), until);
    this.#command({ kind: 'forget', forget: { markerId, minutes, until } });
    return markerId;
  }

  finish(): Promise<void> {
    this.#end();
    return this.#link.accepted;
  }

  async close(): Promise<void> {
    this.#ended = true;
    this.#frames.close();
    const saved = this.#commands.close();
    this.#link.close();
    this.#makeRoom();
    await Promise.all([saved, this.#frames.settled()]);
  }

  #endUtterance(): void {
    this.#hasSounded = false;
    this.#add(this.#cutter.flush());
    this.#add(new Uint8Array(ENDING_FRAMES * frameBytesOf(this.#options.channelCount)));
  }

  /** Asks for the server's detector, again when it could not be had; a server that has none is not asked again. Without it, any pause may be what somebody waits for. */
  async #listen(retryMs: number): Promise<void> {
    if (!this.#options.voiceDetector || performance.now() < this.#askedAgainAt) return;
    this.#askedAgainAt = Number.POSITIVE_INFINITY;
    try {
      this.#frames.listenBy(await this.#options.voiceDetector());
    } catch (error) {
      if (!ProblemError.is(error, 'not-found')) this.#askedAgainAt = performance.now() + retryMs;
    }
  }

  /** As far as there is room in a session. */
  #add(frames: Uint8Array): void {
    this.#frames.add(frames.subarray(0, Math.max(0, LIVE_MAX_FRAMES - this.#frames.next) * frameBytesOf(this.#options.channelCount)));
  }

  /** Says once that no more sound comes. */
  #end(): void {
    if (this.#ended) return;
    this.resume();
    this.#ended = true;
    this.#add(this.#cutter.flush());
    this.#command({ kind: 'finish', frames: this.#frames.next });
  }

  #command(command: LiveCommand): void {
    this.#commands.add(command);
    this.#changed();
  }

  #changed(): void {
    this.#link.wake();
    const state = this.#look();
    const before = this.#state;
    this.#state = state;
    if (state.kept < ROOM_FRAMES || this.#link.isOver) this.#makeRoom();
    if (!isSame(before, state)) this.#options.onState?.(state);
  }

  #makeRoom(): void {
    const waiting = [...this.#waitingForRoom];
    this.#waitingForRoom.clear();
    for (const go of waiting) go();
  }

  #look(): LiveSendState {
    const { received, stored } = this.#link;
    const unsent = Math.max(0, this.#frames.next - received);
    return {
      phase: this.#phase(unsent), received, stored, unsent, kept: Math.max(0, this.#frames.next - stored),
      paused: this.#pausedSince !== null, forgetting: this.#commands.forgets.length, unforgotten: this.#link.unforgotten, problem: this.#problem(),
    };
  }

  #phase(unsent: number): LiveSendState['phase'] {
    const { outcome, isOpen, wasOpen } = this.#link;
    if (outcome) return outcome;
    if (!isOpen) return wasOpen || this.#link.isInterrupted ? 'offline' : 'connecting';
    if (this.#ended) return 'finishing';
    return unsent > BACKLOG_FRAMES ? 'catching-up' : 'sending';
  }

  #problem(): LiveSendProblem | null {
    if (this.#link.problem) return this.#link.problem;
    if (this.#frames.failed) return { code: 'spool-failed', message: 'This device has no room left to keep the sound; it is held in memory until it is sent.' };
    if (this.#commands.unread) return { code: 'spool-failed', message: 'What this device keeps of the session cannot be read; it is tried again, and nothing is sent before.' };
    if (this.#tooLong) return { code: 'too-long', message: `A session may last ${(LIVE_MAX_FRAMES * LIVE_FRAME_MS) / 3_600_000} hours; this one was finished.` };
    return null;
  }
}

function isSame(one: LiveSendState, other: LiveSendState): boolean {
  return (Object.keys(one) as (keyof LiveSendState)[]).every((key) => one[key] === other[key] || (key === 'problem' && one.problem?.code === other.problem?.code));
}

