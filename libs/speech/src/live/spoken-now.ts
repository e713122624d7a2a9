import { toMs } from '../transcription/word-times.js';
import type { PartialSource, Saying } from './decode-session.js';
import { HypothesisStabilizer } from './hypothesis-stabilizer.js';
import type { LivePartialEvent } from './live-event.js';
import { SHORTEST_PARTIAL } from './live-settings.js';
import type { LiveSpan } from './live-span.js';
import type { StretchCutter } from './stretch-cutter.js';

/**
 * What is shown of the utterance that is being said. Nothing here influences finals: hypotheses come when there is time for them.
 * While a final is under way nothing is shown, so that the words it replaces stay in view.
 */
export class SpokenNow implements PartialSource {
  /** The number of the utterance that is being said, and the hypotheses about it. */
  private utterance = 0;
  private stable = new HypothesisStabilizer();
  private saying: LiveSpan | null = null;
  private stretch: StretchCutter | null = null;
  private takenUntil = 0;
  /** Hypotheses are numbered as they are asked for: the last one, and the newest of those that came. */
  private lastAsked = 0;
  private newestHeard = 0;
  private finalsUnderWay = 0;
  private isShown = false;
  private isPaused = false;

  constructor(
    private readonly channel: number,
    private readonly tell: (event: LivePartialEvent) => void,
  ) {}

  /** The stretch has gone on. In a pause that is being recognised there is nothing new to hear. */
  follow(stretch: StretchCutter, isPaused: boolean): void {
    this.stretch = stretch;
    this.saying = stretch.saying;
    this.isPaused = isPaused;
    if (!this.saying && this.finalsUnderWay === 0) this.end();
  }

  get isSpeaking(): boolean {
    return this.saying !== null && !this.isPaused && this.finalsUnderWay === 0;
  }

  take(): Saying | null {
    const { saying } = this;
    if (!saying || !this.isSpeaking || saying.end === this.takenUntil || saying.end - saying.start < SHORTEST_PARTIAL) return null;
    this.takenUntil = saying.end;
    const excerpt = this.stretch?.excerptOfSaying();
    return excerpt ? { excerpt, heard: this.ask() } : null;
  }

  /**
   * Takes what is recognised in the utterance as it is now. Decodes end in any order: what comes when the utterance is over, or after what was asked
   * for later, is not shown. Answers whether it was in time.
   */
  ask(): (text: string) => boolean {
    const { utterance } = this;
    const number = ++this.lastAsked;
    return (text) => {
      if (utterance !== this.utterance || number < this.newestHeard) return false;
      this.newestHeard = number;
      this.show(text);
      return true;
    };
  }

  /** The utterance has ended and its final is under way. */
  over(): void {
    this.finalsUnderWay += 1;
    this.renew();
  }

  /** A final was told, or has no words and takes back what was shown. */
  told(hasWords: boolean): void {
    this.finalsUnderWay -= 1;
    if (!hasWords) this.takeBack();
    this.isShown = false;
  }

  /** Nothing is being said (any more). */
  end(): void {
    this.renew();
    if (this.finalsUnderWay === 0) this.takeBack();
  }

  private show(text: string): void {
    const shown = this.stable.add(text, this.saying?.end ?? this.takenUntil);
    if (!this.saying || this.finalsUnderWay > 0 || (!this.isShown && text.length === 0)) return;
    this.isShown = true;
    this.tell({ kind: 'partial', channel: this.channel, startMs: toMs(this.saying.start), endMs: toMs(this.saying.end), ...shown });
  }

  private takeBack(): void {
    if (this.isShown) this.tell({ kind: 'partial', channel: this.channel, startMs: 0, endMs: 0, firm: '', tentative: '' });
    this.isShown = false;
  }

  private renew(): void {
    this.utterance += 1;
    this.stable = new HypothesisStabilizer();
    this.saying = null;
  }
}
