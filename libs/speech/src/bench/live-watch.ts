import type { LiveEvent, LiveFinalEvent, LivePartialEvent } from '../live/live-event.js';
import { alignWords, sameWord, wordsOf } from '../live/word-alignment.js';

export interface WatchedFinal {
  readonly index: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly lagMs: number;
}

/** Looks at one mono session as somebody does who reads along. */
export class LiveWatch {
  readonly finals: WatchedFinal[] = [];
  readonly wordSightMs: number[] = [];
  firmWords = 0;
  firmWrong = 0;
  private seen: { readonly atMs: number; readonly partial: LivePartialEvent }[] = [];
  private readonly said: string[] = [];
  private readonly settled: string[] = [];

  /**
   * `startedAt`: when the first sample of the session was spoken, by performance.now(). What ends later than `countedUntilMs` after it is read, but not counted.
   */
  constructor(
    private readonly startedAt: number,
    private readonly countedUntilMs = Number.POSITIVE_INFINITY,
  ) {}

  see(event: LiveEvent): void {
    const atMs = performance.now() - this.startedAt;
    if (event.kind === 'partial') this.seen.push({ atMs, partial: event });
    if (event.kind === 'settled') this.settled.push(...event.utterances.map(({ text }) => text));
    if (event.kind === 'final') this.seeFinal(event, atMs);
  }

  get texts(): { final: string; refined: string } {
    return { final: joined(this.said), refined: joined(this.settled) };
  }

  private seeFinal(final: LiveFinalEvent, atMs: number): void {
    this.said.push(final.text);
    if (final.endMs <= this.countedUntilMs) this.count(final, atMs);
    this.seen = [];
  }

  private count(final: LiveFinalEvent, atMs: number): void {
    const { index, startMs, endMs } = final;
    this.finals.push({ index, startMs, endMs, lagMs: atMs - endMs });
    const words = final.words.map(({ text }) => text);
    const firstSeen = words.map(() => atMs);
    for (const { atMs: seenAt, partial } of this.seen.reverse()) {
      const shown = wordsOf(`${partial.firm} ${partial.tentative}`);
      alignWords(words, shown).forEach((place, i) => {
        if (place !== null && sameWord(words[place] ?? '', shown[i] ?? '')) firstSeen[place] = seenAt;
      });
    }
    this.wordSightMs.push(...final.words.map((word, i) => Math.max(0, (firstSeen[i] ?? atMs) - word.endMs)));
    const firm = wordsOf(this.seen[0]?.partial.firm ?? '');
    const kept = alignWords(words, firm).filter((place, i) => place !== null && sameWord(words[place] ?? '', firm[i] ?? '')).length;
    this.firmWords += firm.length;
    this.firmWrong += firm.length - kept;
  }
}

const joined = (texts: readonly string[]): string => texts.filter((text) => text.length > 0).join(' ');
