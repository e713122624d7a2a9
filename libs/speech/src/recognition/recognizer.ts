/** A word with its place in the audio that was given, whole milliseconds. */
export interface Word {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
}

export interface Recognition {
  /** Trimmed, one line; empty where no words were heard. */
  readonly text: string;
  /** Only from a recogniser with the capability `wordTimes`. */
  readonly words?: readonly Word[];
}

export interface RecognizeOptions {
  readonly signal?: AbortSignal;
}

/**
 * Turns one utterance into text. Every engine passes the suite in `recognizer.contract.ts`: several calls may be in
 * flight at once, the same samples give the same text, samples shorter than a word give an empty answer.
 */
export abstract class Recognizer {
  /** Engine and model, as kept with a transcript, such as `moonshine-base`. */
  abstract readonly name: string;
  abstract readonly capabilities: { readonly wordTimes: boolean };

  /** Why it hears nothing, after several starts in vain; null while it works. */
  get unusable(): Error | null {
    return null;
  }

  /** Recognises up to 30 s of 16 kHz mono sound. Rejects with the signal's reason once it is aborted. */
  abstract recognize(samples: Float32Array, options?: RecognizeOptions): Promise<Recognition>;

  /** Waits for what is in flight, then frees the model; calls after it reject. */
  abstract close(): Promise<void>;
}
