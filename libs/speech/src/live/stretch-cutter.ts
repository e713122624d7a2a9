import type { VoiceDetector, VoicedSpan } from '../detection/voice-detector.js';
import type { Excerpt } from '../transcription/guarded-recognizer.js';
import { BLEED_REACH, type ChannelSound } from './channel-sound.js';
import { type LiveSpan, excerptOf } from './live-span.js';
import {
  CUT_SEARCH, ENDPOINT_SILENCE, FULL_GROUP, JOIN_WITHIN, LEAD, LONGEST_GROUP, LONGEST_UTTERANCE, LONG_UTTERANCE, PADDING, SILENT_STRETCH,
} from './live-settings.js';
import { quietestPlace } from './quietest-place.js';

/** A pause in which an utterance may have ended, an utterance that did end, or the end of the whole stretch. */
export type Cut = { readonly kind: 'pause' | 'utterance'; readonly span: LiveSpan } | { readonly kind: 'end'; readonly until: number };

/** The detector's window; steps of this length make the cuts independent of how the sound came in. */
const STEP = 512;
/** Behind the end of speech there is silence of at least this length. */
const SURELY_SILENT = 0.12 * 16_000;

/**
 * Cuts the sound of a channel from one checkpoint to the next: utterances that belong together, or a piece of silence. What it
 * answers depends on the samples from its beginning on and on nothing else.
 */
export class StretchCutter {
  private position: number;
  /** Voiced spans that wait for the other channel, and those of the utterance that is being said. */
  private undecided: VoicedSpan[] = [];
  private open: VoicedSpan[] = [];
  /** Spans that were dropped since the last utterance that ended, with the sound around them that is nobody's padding. */
  private bleed: VoicedSpan[] = [];
  private group: { readonly start: number; end: number } | null = null;
  /** No span that comes begins before this sample; nor did the open utterance begin before `over`. */
  private decidedUntil: number;
  private over: number;
  /** The voice that speaks now was parted at `decidedUntil`. */
  private parted = false;
  private ended = false;
  /** Thirty times a second for each speaker: one array for all. */
  private readonly window = new Float32Array(STEP);

  /** The detector must be as new. */
  constructor(
    private readonly sound: ChannelSound,
    private readonly detector: VoiceDetector,
  ) {
    this.position = sound.from;
    this.decidedUntil = sound.from;
    this.over = sound.from;
  }

  /** Goes on to the end of what is there, or of the stretch. */
  advance(): Cut[] {
    const cuts: Cut[] = [];
    while (!this.ended && this.sound.end >= this.position + STEP) cuts.push(...this.step());
    return cuts;
  }

  /** The channel has ended. */
  finish(): Cut[] {
    const cuts = this.advance();
    if (this.ended) return cuts;
    this.hear([...this.detector.accept(this.sound.slice(this.position, this.sound.end)), ...this.detector.flush()]);
    this.position = Math.max(this.position, this.sound.end);
    cuts.push(...this.decide(Number.POSITIVE_INFINITY));
    if (this.open.length > 0) cuts.push(this.close(this.position));
    return [...cuts, this.end(this.position)];
  }

  /** What is being said, up to now. */
  get saying(): LiveSpan | null {
    const start = this.openStart;
    if (start === null) return null;
    const isKnown = this.open.length > 0;
    const paddedStart = isKnown ? this.span(this.position).paddedStart : start;
    return { start, end: this.position, paddedStart, paddedEnd: this.position, voiced: [{ start, end: this.position }], bleed: this.bleed };
  }

  /** The sound of what is being said; null where it is the other channel's, heard softly. */
  excerptOfSaying(): Excerpt | null {
    const { saying } = this;
    if (!saying || (this.open.length === 0 && this.sound.isBleed({ start: saying.start, end: this.position - BLEED_REACH }))) return null;
    return excerptOf(saying, this.sound);
  }

  /** Whether the last thing heard is a voice. */
  get speaking(): boolean {
    return this.detector.speaking;
  }

  private step(): Cut[] {
    this.hear(this.detector.accept(this.sound.fill(this.window, this.position)));
    this.position += STEP;
    this.parted &&= this.detector.speaking;
    const cuts = this.decide(this.position - (this.sound.hasOther ? BLEED_REACH : PADDING));
    const full = this.endBeforeOpen();
    if (full !== null) return [this.end(full)];
    cuts.push(...this.closeAtPause(), ...this.cutUnbroken());
    const silent = this.endInSilence();
    if (silent !== null) cuts.push(this.end(silent));
    return cuts;
  }

  private hear(spans: readonly VoicedSpan[]): void {
    for (const span of spans) {
      const start = Math.max(this.decidedUntil, span.start + this.sound.from);
      const end = span.end + this.sound.from;
      if (end > start) this.undecided.push({ start, end });
    }
  }

  /** Takes the spans that end before `until`, or drops them where they are the other channel's. */
  private decide(until: number): Cut[] {
    let took = false;
    for (let span = this.undecided[0]; span && span.end <= until; span = this.undecided[0]) {
      this.undecided.shift();
      took = this.take(span);
    }
    return took ? [{ kind: 'pause', span: this.span(this.position) }] : [];
  }

  private take(span: VoicedSpan): boolean {
    const before = Math.floor(Math.min(PADDING, (span.start - this.decidedUntil) / 2));
    this.widenBleed(before);
    this.decidedUntil = span.end;
    const isBleed = this.sound.isBleed(span);
    if (!isBleed) this.open.push(span);
    else {
      this.bleed.push({ start: span.start - before, end: span.end });
      if (this.open.length === 0) this.over = span.end;
    }
    return !isBleed;
  }

  /** Where the span before the one that comes was dropped, this much of the sound behind it goes with it. */
  private widenBleed(behind: number): void {
    const last = this.bleed.at(-1);
    if (last?.end === this.decidedUntil) this.bleed.splice(-1, 1, { start: last.start, end: last.end + behind });
  }

  private closeAtPause(): Cut[] {
    const [first, last] = [this.open[0], this.open.at(-1)];
    if (!first || !last || this.undecided.length > 0 || this.detector.speaking) return [];
    const isLong = last.end - first.start >= LONG_UTTERANCE || last.end - (this.group?.start ?? last.end) >= FULL_GROUP;
    const silence = isLong ? 0 : ENDPOINT_SILENCE;
    return this.position - last.end >= silence ? [this.close(this.position)] : [];
  }

  private cutUnbroken(): Cut[] {
    const start = this.openStart;
    if (start === null || !this.detector.speaking || this.undecided.length > 0 || this.position - start < LONGEST_UTTERANCE) return [];
    const from = Math.max(this.decidedUntil, this.voiceFrom);
    const first = Math.max(from, this.position - CUT_SEARCH);
    const cut = first + quietestPlace(this.sound.slice(first, Math.max(first, this.position - BLEED_REACH)));
    this.take({ start: from, end: cut });
    this.parted = true;
    return this.open.length > 0 ? [this.close(cut)] : [];
  }

  /** Nobody has spoken for so long that whatever comes belongs to another stretch. */
  private endInSilence(): number | null {
    if (this.openStart !== null) return null;
    const quietSince = this.group?.end ?? this.sound.from;
    if (this.position - quietSince < (this.group ? JOIN_WITHIN : SILENT_STRETCH)) return null;
    return Math.max(this.decidedUntil, this.voiceFrom);
  }

  /** The open utterance does not fit into the group, or silence before it is long enough to settle. */
  private endBeforeOpen(): number | null {
    const start = this.openStart;
    if (start === null) return null;
    const reached = this.detector.speaking ? this.position : (this.undecided.at(-1) ?? this.open.at(-1))?.end ?? this.position;
    const tooLong = this.group ? reached - this.group.start > LONGEST_GROUP : start - this.sound.from > SILENT_STRETCH + LEAD;
    return tooLong ? this.beforeOpen(start) : null;
  }

  private beforeOpen(start: number): number {
    const isKnown = this.open.length > 0 || this.undecided.length > 0;
    if (isKnown) return start - Math.floor(Math.min(LEAD, (start - this.over) / 2));
    return this.parted ? this.decidedUntil : Math.max(start, this.decidedUntil + SURELY_SILENT);
  }

  private get openStart(): number | null {
    const first = this.open[0] ?? this.undecided[0];
    if (first) return first.start;
    return this.detector.speaking ? Math.max(this.decidedUntil, this.voiceFrom) : null;
  }

  /** The earliest sample at which a span that the detector has not told yet can begin. */
  private get voiceFrom(): number {
    return this.sound.from + this.detector.settledUntil;
  }

  private close(limit: number): Cut {
    const span = this.span(limit);
    this.group = { start: this.group?.start ?? span.start, end: span.end };
    this.open = [];
    this.bleed = this.bleed.filter(({ start }) => start >= span.end);
    this.over = this.decidedUntil;
    return { kind: 'utterance', span };
  }

  private span(limit: number): LiveSpan {
    const start = this.open[0]?.start ?? this.position;
    const end = this.open.at(-1)?.end ?? this.position;
    const gap = start - this.over;
    const before = Math.floor(Math.min(PADDING, this.over > this.sound.from ? gap / 2 : gap));
    const bleed = this.bleed.filter((dropped) => dropped.start < end);
    return { start, end, paddedStart: start - before, paddedEnd: Math.min(end + PADDING, limit), voiced: [...this.open], bleed };
  }

  private end(until: number): Cut {
    this.ended = true;
    return { kind: 'end', until };
  }
}
