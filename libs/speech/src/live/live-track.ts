import type { VoiceDetector } from '../detection/voice-detector.js';
import type { SampleStore } from '../transcription/sample-store.js';
import { ChannelSound } from './channel-sound.js';
import type { Decode, DecodeSession, Hearing } from './decode-session.js';
import type { LiveEvent, LiveFinalEvent, TrackCheckpoint } from './live-event.js';
import { type LiveSpan, excerptOf, wholeOf } from './live-span.js';
import { SpokenNow } from './spoken-now.js';
import { type Cut, StretchCutter } from './stretch-cutter.js';
import { finalOf, refinedFinals } from './utterance-texts.js';

export interface LiveTrackOptions {
  readonly channel: number;
  readonly checkpoint: TrackCheckpoint;
  readonly sound: SampleStore;
  readonly other: SampleStore | null;
  readonly detector: VoiceDetector;
  readonly decodes: DecodeSession;
  /** Resolves when the event was taken. */
  tell(event: LiveEvent): Promise<void>;
  onFailure(reason: unknown): void;
}

interface Heard {
  readonly span: LiveSpan;
  readonly index: number;
  readonly decode: Decode;
}

/** One channel of a live session: from sound to finals and settled stretches. */
export class LiveTrack {
  private stretch: StretchCutter;
  private from: number;
  private settledUntil: number;
  private nextIndex: number;
  private utterances: Heard[] = [];
  /** The decode that began in the pause in which the open utterance may have ended. */
  private guess: { readonly span: LiveSpan; readonly decode: Decode } | null = null;
  private finals: Promise<void> = Promise.resolve();
  private settling: Promise<void> = Promise.resolve();
  private readonly spoken: SpokenNow;

  constructor(private readonly options: LiveTrackOptions) {
    const { channel, checkpoint } = options;
    this.from = checkpoint.sample;
    this.settledUntil = checkpoint.sample;
    this.nextIndex = checkpoint.nextIndex;
    this.spoken = new SpokenNow(channel, (event) => void options.tell(event));
    this.stretch = this.begin(checkpoint.sample);
  }

  /** Goes on with what has come in. */
  advance(): void {
    while (this.take(this.stretch.advance()));
    const { decodes } = this.options;
    this.spoken.follow(this.stretch, this.guess !== null && !this.stretch.speaking);
    if (this.spoken.isSpeaking) decodes.wantPartial(this.spoken);
    else decodes.withdrawPartial(this.spoken);
  }

  /** The channel has ended; resolves when everything of it was told. Rejects where a decode or the taking of an event failed. */
  async finish(): Promise<void> {
    this.options.decodes.withdrawPartial(this.spoken);
    while (this.take(this.stretch.finish()) && this.from < this.options.sound.end);
    this.spoken.end();
    await this.settling;
  }

  /** Samples that were fed and are not settled. */
  get pending(): number {
    return Math.max(0, this.options.sound.end - this.settledUntil);
  }

  /** Samples of either channel before this one are not needed any more. */
  get neededFrom(): number {
    return this.from;
  }

  private begin(from: number): StretchCutter {
    const { sound, other, detector } = this.options;
    detector.reset();
    this.from = from;
    this.utterances = [];
    this.guess?.decode.cancel();
    this.guess = null;
    return new StretchCutter(new ChannelSound(sound, other, from), detector);
  }

  /** Answers whether the stretch is over and another one has begun. */
  private take(cuts: readonly Cut[]): boolean {
    for (const cut of cuts) {
      if (cut.kind === 'end') {
        this.settle(cut.until);
        this.stretch = this.begin(cut.until);
        return true;
      }
      if (cut.kind === 'pause') this.presume(cut.span);
      else this.close(cut.span);
    }
    return false;
  }

  private presume(span: LiveSpan): Decode {
    this.guess?.decode.cancel();
    const { decodes, sound } = this.options;
    const decode = decodes.decode('guess', excerptOf(span, sound));
    this.guess = { span, decode };
    const heard = this.spoken.ask();
    void decode.result.then(({ text }) => heard(text), () => undefined);
    return decode;
  }

  private close(span: LiveSpan): void {
    const isGuessed = this.guess?.span.paddedEnd === span.paddedEnd && this.guess.span.paddedStart === span.paddedStart;
    const decode = isGuessed && this.guess ? this.guess.decode : this.presume(span);
    decode.confirm();
    this.guess = null;
    const heard = { span, index: this.nextIndex++, decode };
    this.utterances.push(heard);
    this.spoken.over();
    this.finals = this.inOrder(this.finals, async () => {
      const final = finalOf(heard, this.options.channel, await decode.result);
      if (final.text.length > 0) await this.options.tell(final);
      this.spoken.told(final.text.length > 0);
    });
  }

  private settle(untilSample: number): void {
    const { from: fromSample, nextIndex, utterances, finals } = this;
    const { channel } = this.options;
    const refined = this.refine(utterances);
    if (untilSample <= fromSample) return;
    this.settling = this.inOrder(this.settling, async () => {
      await finals;
      const settled: LiveEvent = { kind: 'settled', channel, fromSample, untilSample, nextIndex, utterances: await refined() };
      await this.options.tell(settled);
      this.settledUntil = untilSample;
    });
  }

  /** Keeps the sound of the whole group and answers what hears it once more where that can help. */
  private refine(utterances: readonly Heard[]): () => Promise<LiveFinalEvent[]> {
    const { channel, sound } = this.options;
    const spans = utterances.map(({ span }) => span);
    const whole = wholeOf(spans);
    const excerpt = whole && excerptOf(whole, sound);
    const own = Promise.all(utterances.map(({ decode }) => decode.result));
    const all = own.then(async (recognitions): Promise<LiveFinalEvent[]> => {
      const finals = utterances.map((heard, i) => finalOf(heard, channel, recognitions[i] as Hearing));
      if (!whole || !excerpt || finals.every(({ text }) => text.length === 0)) return finals;
      const again = await this.options.decodes.decode('refinement', excerpt).result;
      return refinedFinals(finals, spans, again, whole.paddedStart);
    });
    all.catch(() => undefined);
    return () => all;
  }

  private inOrder(chain: Promise<void>, next: () => Promise<void>): Promise<void> {
    const result = chain.then(next);
    result.catch((reason: unknown) => this.options.onFailure(reason));
    return result;
  }
}
