import { type FrameRange, type Frames, cutFrames, samplesOf, silentFrames } from './frames.js';
import type { LiveAudioReads } from './live-audio-reads.service.js';

/** Silence is given in pieces of a minute. */
const MOST_SILENT_FRAMES = 600;

/** Frames are missing that the sender believes received. */
export class FramesMissingError extends Error {
  override readonly name = 'FramesMissingError';
}

/** Reads a session's frames in order, each once, with silence where it is off the record. */
export class SessionReader {
  /** The session has no frame from here on, once that is known. */
  end = Number.POSITIVE_INFINITY;

  constructor(
    private readonly reads: LiveAudioReads,
    private readonly session: { recordingId: string; channelCount: number; offRecord: readonly FrameRange[]; signal: AbortSignal },
    /** The frame to come next. */
    public position: number,
  ) {}

  get isAtEnd(): boolean {
    return this.position >= this.end;
  }

  /**
   * What is there, or none after a short wait.
   * @param isOwed more was received than was read: then nothing is no answer
   * @throws FramesMissingError, FramesDamagedError, or the signal's reason
   */
  async read(isOwed = false): Promise<Frames[]> {
    if (this.isAtEnd) return [];
    const silent = this.offRecordAt(this.position);
    if (silent) return [this.take(this.silence(silent.until))];
    const { recordingId, signal } = this.session;
    const found = await this.reads.read({ recordingId, position: this.position }, isOwed, signal);
    if (isOwed && found.length === 0) throw new FramesMissingError();
    const taken: Frames[] = [];
    for (const { first, frames, audio } of found) {
      if (first > this.position) {
        if (this.offRecordAt(this.position)) break;
        throw new FramesMissingError();
      }
      const wanted = cutFrames({ first, frames, samples: samplesOf(audio) }, { from: this.position, until: this.nextBorder() }, this.session.channelCount);
      if (wanted) taken.push(this.take(wanted));
    }
    return taken;
  }

  private take(frames: Frames): Frames {
    this.position = frames.first + frames.frames;
    return frames;
  }

  private silence(until: number): Frames {
    const most = Math.min(until, this.end, this.position + MOST_SILENT_FRAMES);
    return silentFrames({ from: this.position, until: most }, this.session.channelCount);
  }

  /** Where reading must stop: the end, or what is off the record. */
  private nextBorder(): number {
    return this.session.offRecord.reduce((border, { from, until }) => (from >= this.position && until > from ? Math.min(border, from) : border), this.end);
  }

  private offRecordAt(frame: number): FrameRange | null {
    return this.session.offRecord.find(({ from, until }) => from <= frame && frame < until) ?? null;
  }
}
