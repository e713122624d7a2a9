import type { UtteranceEvent } from '@auscult/speech';

/** Utterances that come within this time of a save wait for the next one; the first is saved at once. */
const PAUSE_MS = 250;

/** When saving falls so far behind, recognition waits: memory stays bounded while the database is slow or away. */
const MOST_WAITING = 64;

/** Gathers utterances into batches and saves them one batch at a time, in order. */
export class UtteranceBatches {
  private waiting: UtteranceEvent[] = [];
  private saving: Promise<void> | null = null;
  private endPause: () => void = () => undefined;
  private finishing = false;

  /** @param save saves one batch; when it rejects, `onFailure` is told and nothing more is saved */
  constructor(
    private readonly save: (batch: UtteranceEvent[]) => Promise<void>,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  /** Resolves at once, or when there is room again. */
  async add(utterance: UtteranceEvent): Promise<void> {
    this.waiting.push(utterance);
    this.saving ??= this.saveAll();
    if (this.waiting.length < MOST_WAITING) return;
    this.endPause();
    await this.saving;
  }

  /** Saves what is left without a pause. */
  async finish(): Promise<void> {
    this.finishing = true;
    this.endPause();
    await this.saving;
  }

  private async saveAll(): Promise<void> {
    try {
      while (this.waiting.length > 0) {
        const batch = this.waiting;
        this.waiting = [];
        await this.save(batch);
        if (!this.finishing) await this.pause();
      }
      this.saving = null;
    } catch (error) {
      // `saving` stays set to this ended promise: a batch that was not saved must not be followed by a later one.
      this.onFailure(error);
    }
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, PAUSE_MS);
      this.endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
