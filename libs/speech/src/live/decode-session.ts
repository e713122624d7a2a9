import { BackgroundFailedError } from '../recognition/background/background-recognizer.js';
import type { Recognition, Recognizer } from '../recognition/recognizer.js';
import { type Excerpt, GuardedRecognizer } from '../transcription/guarded-recognizer.js';

/** What somebody has said up to now of an utterance that is not over. */
export interface Saying {
  readonly excerpt: Excerpt;
  /** What was recognised in it. Answers false where it comes too late. */
  heard(text: string): boolean;
}

/** Somebody who is speaking now. */
export interface PartialSource {
  /** Null where there is nothing new. */
  take(): Saying | null;
}

/** Where a decode is done: with those that somebody waits for, or behind them. */
export type Place = 'foreground' | 'background';

/** A decode that waits for a slot. */
export interface WaitingDecode {
  readonly excerpt: Excerpt;
  /** Never rejects: whoever asked for the decode learns of its failure. */
  run(): Promise<void>;
}

/**
 * `final`: somebody waits for the words. `guess`: the words of what may turn out to be a whole utterance. `refinement`: those of several
 * utterances as one.
 */
export type DecodeKind = 'final' | 'guess' | 'refinement';

export function placeOf(kind: DecodeKind): Place {
  return kind === 'refinement' ? 'background' : 'foreground';
}

/** What a decode gave. `unheard`: the recogniser failed at it, and the session goes on without its words. */
export interface Hearing extends Recognition {
  readonly unheard?: true;
}

const UNHEARD: Hearing = { text: '', unheard: true };

/** A decode that was asked for. `cancel` drops it where it still waits; `confirm` makes a guess a final. */
export interface Decode {
  readonly result: Promise<Hearing>;
  cancel(): void;
  confirm(): void;
}

export interface DecodeSlots {
  enqueue(session: DecodeSession, kind: DecodeKind, decode: WaitingDecode): void;
  confirm(decode: WaitingDecode): void;
  cancel(decode: WaitingDecode): void;
  want(session: DecodeSession, source: PartialSource): void;
  withdraw(source: PartialSource): void;
  leave(session: DecodeSession): void;
}

/** The place of one live session at the shared recogniser. */
export class DecodeSession {
  /** When the last decode of the session ended at each place, performance.now(). */
  readonly heardAt: Record<Place, number> = { foreground: 0, background: 0 };
  onFailure: (reason: unknown) => void = () => undefined;
  private readonly closing = new AbortController();
  private readonly decodes = new Set<WaitingDecode>();
  private readonly sources = new Set<PartialSource>();

  constructor(
    private readonly recognizerAt: (place: Place) => Recognizer,
    private readonly slots: DecodeSlots,
    /** Whether the session goes on without what the recogniser fails at. */
    private readonly toleratesFailure: () => boolean = () => false,
  ) {}

  /** The result rejects with what the recogniser rejects with, unless that is tolerated; never resolves once the session is closed. */
  decode(kind: DecodeKind, excerpt: Excerpt): Decode {
    let waiting: WaitingDecode | null = null;
    const result = new Promise<Hearing>((resolve, reject) => {
      const run = async () => {
        this.decodes.delete(decode);
        await this.recognize(excerpt, placeOf(kind)).then(resolve, reject);
      };
      const decode: WaitingDecode = { excerpt, run };
      waiting = decode;
      this.decodes.add(decode);
      this.slots.enqueue(this, kind, decode);
    });
    // Whoever needs the result sees the failure; a cancelled guess needs nobody.
    result.catch(() => undefined);
    return { result, cancel: () => waiting && this.drop(waiting), confirm: () => waiting && this.slots.confirm(waiting) };
  }

  /** For the scheduler: a partial's recognition, null where it failed (the session is told, unless it goes on without it) or the session is closed. */
  async hear(excerpt: Excerpt, place: Place): Promise<Recognition | null> {
    try {
      return await this.ask(excerpt, place);
    } catch (reason) {
      if (!this.closing.signal.aborted && !this.goesOnWithout(reason)) this.onFailure(reason);
      return null;
    }
  }

  wantPartial(source: PartialSource): void {
    this.sources.add(source);
    this.slots.want(this, source);
  }

  withdrawPartial(source: PartialSource): void {
    this.sources.delete(source);
    this.slots.withdraw(source);
  }

  /** Drops everything that waits; what runs ends by itself and is told to nobody. */
  close(): void {
    this.closing.abort();
    this.slots.leave(this);
    for (const decode of this.decodes) this.drop(decode);
    for (const source of this.sources) this.slots.withdraw(source);
  }

  private async recognize(excerpt: Excerpt, place: Place): Promise<Hearing> {
    try {
      return await this.ask(excerpt, place);
    } catch (reason) {
      if (!this.closing.signal.aborted && this.goesOnWithout(reason)) return UNHEARD;
      throw reason;
    }
  }

  private ask(excerpt: Excerpt, place: Place): Promise<Recognition> {
    return new GuardedRecognizer(this.recognizerAt(place), this.closing.signal).recognize(excerpt);
  }

  /** Nobody waits for what the background hears: without it the words stay as they are. */
  private goesOnWithout(reason: unknown): boolean {
    return reason instanceof BackgroundFailedError || this.toleratesFailure();
  }

  private drop(decode: WaitingDecode): void {
    this.decodes.delete(decode);
    this.slots.cancel(decode);
  }
}
