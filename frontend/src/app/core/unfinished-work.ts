import { Injectable } from '@angular/core';

export interface WorkHolder {
  /** How many pieces would be lost. */
  pending(): number;
  discard(): Promise<void>;
}

/** What a person would lose by signing out, told by the portals that hold it; the frame asks before it lets her go. */
@Injectable({ providedIn: 'root' })
export class UnfinishedWork {
  private readonly holders = new Set<WorkHolder>();

  register(holder: WorkHolder): void {
    this.holders.add(holder);
  }

  pending(): number {
    return [...this.holders].reduce((sum, holder) => sum + holder.pending(), 0);
  }

  async discard(): Promise<void> {
    await Promise.all([...this.holders].map((holder) => holder.discard()));
  }
}
