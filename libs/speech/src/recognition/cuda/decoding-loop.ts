import { setImmediate as nextTurn } from 'node:timers/promises';
import type { MoonshineDevice, SlotInput } from './moonshine-device.js';

interface Waiting {
  readonly id: number;
  readonly samples: Float32Array;
}

/** What the loop tells of one utterance: its tokens. */
export type OnTokens = (id: number, tokens: Int32Array) => void;

/** Tokens between two looks at who is done and who has come. A done utterance does nothing for the rest of them. */
const STEPS_AT_ONCE = 8;

/**
 * Decodes many utterances at once: whoever comes takes a free slot and is decoded along with those who are already at it. First come,
 * first served.
 */
export class DecodingLoop {
  private readonly waiting: Waiting[] = [];
  private readonly free: number[];
  private readonly inSlots = new Map<number, number>();
  private running: Promise<void> | null = null;

  constructor(
    private readonly device: MoonshineDevice,
    private readonly onTokens: OnTokens,
    private readonly onFailure: (error: unknown) => void,
  ) {
    this.free = Array.from({ length: device.slots }, (_, slot) => slot);
  }

  add(id: number, samples: Float32Array): void {
    this.waiting.push({ id, samples });
    this.running ??= this.run();
  }

  /** Resolves when nobody waits and nobody is decoded. */
  async idle(): Promise<void> {
    await this.running;
  }

  private async run(): Promise<void> {
    try {
      // Those who come in the same moment are encoded together: their messages wait for a turn of the event loop.
      await nextTurn();
      while (this.waiting.length > 0 || this.inSlots.size > 0) {
        const batch = this.admit();
        if (batch.length > 0) this.device.encode(batch);
        for (const { slot, done, tokens } of this.device.decode([...this.inSlots.keys()], STEPS_AT_ONCE)) {
          if (done) this.release(slot, tokens);
        }
        await nextTurn();
      }
    } catch (error) {
      this.onFailure(error);
    } finally {
      this.running = null;
    }
  }

  private admit(): SlotInput[] {
    const batch: SlotInput[] = [];
    let room = this.device.batchSamples;
    for (let next = this.waiting[0]; next && next.samples.length <= room; next = this.waiting[0]) {
      const slot = this.free.shift();
      if (slot === undefined) break;
      this.waiting.shift();
      room -= next.samples.length;
      this.inSlots.set(slot, next.id);
      batch.push({ slot, samples: next.samples });
    }
    return batch;
  }

  private release(slot: number, tokens: Int32Array): void {
    const id = this.inSlots.get(slot);
    this.inSlots.delete(slot);
    this.free.push(slot);
    if (id !== undefined) this.onTokens(id, tokens);
  }
}
