import { Injectable } from '@angular/core';

export interface WorkHolder {
  /** How many pieces would be lost. */
  pending(): number;
  /** What happens to them, as a sentence. */
  loss(): string;
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
  loss(): string {
    return [...this.holders].filter((holder) => holder.pending() > 0).map((holder) => holder.loss()).join(' ');
  }

  async discard(): Promise<void> {
    await Promise.all([...this.holders].map((holder) => holder.discard()));
  }
}
