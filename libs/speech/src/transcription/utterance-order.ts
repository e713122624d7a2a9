import type { OpenedAudio } from '../audio/opened-audio.js';
import type { CreateVoiceDetector } from '../detection/voice-detector.js';
import { BLEED_SHIFT } from './bleed.js';
import { ChannelTrack } from './channel-track.js';
import { Utterance } from './utterance.js';

/**
 * Cuts all channels to utterances and numbers them by start (and channel), as soon as no earlier one can come. Spans and
 * order depend on the sound alone, not on how it arrives: the same recording gives the same numbers every time.
 */
export class UtteranceOrder {
  private readonly tracks: readonly ChannelTrack[];
  private count = 0;

  constructor({ channelCount }: Pick<OpenedAudio, 'channelCount'>, createVoiceDetector: CreateVoiceDetector) {
    this.tracks = Array.from({ length: channelCount }, (_, channel) => new ChannelTrack(channel, createVoiceDetector()));
  }

  /** The next samples of every channel; answers the utterances that got their numbers. */
  feed(frames: readonly Float32Array[]): Utterance[] {
    for (const track of this.tracks) track.feed(frames[track.channel] ?? new Float32Array(0));
    return this.release();
  }

  end(): Utterance[] {
    for (const track of this.tracks) track.end();
    return this.release();
  }

  /** Samples per channel so far. */
  get reached(): number {
    return this.tracks[0]?.sound.end ?? 0;
  }

  /** No utterance without a number starts before this sample. */
  get settled(): number {
    return Math.min(this.reached, ...this.tracks.map((track) => track.earliest));
  }

  /** Whether all utterances of the other channel that touch this one (or come 300 ms later) have their numbers. */
  knowsNeighbours({ channel, span }: Utterance): boolean {
    return this.tracks.every((track) => track.channel === channel || track.earliest > span.end + BLEED_SHIFT);
  }

  private release(): Utterance[] {
    for (const track of this.tracks) track.advance(this.otherThan(track));
    const released: Utterance[] = [];
    for (let track = this.nextTrack(); track; track = this.nextTrack()) released.push(this.number(track));
    for (const track of this.tracks) track.forgetBefore(this.settled);
    return released;
  }

  /** The track whose complete utterance is the earliest of all that can still come. */
  private nextTrack(): ChannelTrack | null {
    let first: ChannelTrack | null = null;
    for (const track of this.tracks) if (first === null || track.earliest < first.earliest) first = track;
    return first?.next ? first : null;
  }

  private number(track: ChannelTrack): Utterance {
    const span = track.next;
    if (!span) throw new Error('A track without a complete utterance was chosen');
    track.take();
    const { paddedStart, paddedEnd } = span;
    const other = this.otherThan(track)?.sound.slice(paddedStart, paddedEnd) ?? null;
    return new Utterance(this.count++, track.channel, span, track.sound.slice(paddedStart, paddedEnd), other);
  }

  private otherThan(track: ChannelTrack): ChannelTrack | null {
    return this.tracks.find((other) => other !== track) ?? null;
  }
}
