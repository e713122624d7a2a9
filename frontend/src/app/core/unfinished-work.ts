import { Injectable } from '@angular/core';

export interface WorkHolder {
  /** What happens to unfinished work, as a sentence; empty when there is none. */
  loss(): string | Promise<string>;
  discard(): Promise<void>;
}

/** What a person would lose by signing out, told by the portals that hold it; the frame asks before it lets her go. */
@Injectable({ providedIn: 'root' })
export class UnfinishedWork {
  private readonly holders = new Set<WorkHolder>();

  /** Returns what ends it. */
  register(holder: WorkHolder): () => void {
    this.holders.add(holder);
    return () => void this.holders.delete(holder);
  }

  /** Empty when nothing would be lost. */
  async loss(): Promise<string> {
    const losses = await Promise.all([...this.holders].map(async (holder) => holder.loss()));
    return losses.filter((loss) => loss !== '').join(' ');
  }

  async discard(): Promise<void> {
    await Promise.all([...this.holders].map((holder) => holder.discard()));
  }
}
