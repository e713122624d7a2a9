import { computed, signal } from '@angular/core';

/** A change that was made and can be taken back. Both directions answer whether they happened. */
export interface Change {
  /** What was done, for a message: "Text corrected". */
  label: string;
  undo(): Promise<boolean>;
  redo(): Promise<boolean>;
}

/** What an undo or redo came to; `nothing` when there was none to do. */
export type Step = Change | 'nothing' | 'impossible';

const KEPT = 200;

/** What can be undone and redone, newest last. */
export class EditHistory {
  private readonly done = signal<readonly Change[]>([]);
  private readonly undone = signal<readonly Change[]>([]);
  private running: Promise<unknown> = Promise.resolve();
  readonly canUndo = computed(() => this.done().length > 0);
  readonly canRedo = computed(() => this.undone().length > 0);
  readonly latest = computed(() => this.done().at(-1) ?? null);

  add(change: Change): void {
    this.done.update((changes) => [...changes, change].slice(-KEPT));
    this.undone.set([]);
  }

  /** The change taken back. One that cannot be is forgotten. */
  undo(): Promise<Step> {
    return this.inTurn(async () => {
      const change = this.done().at(-1);
      if (!change) return 'nothing';
      this.done.update((changes) => changes.slice(0, -1));
      if (!(await change.undo())) return 'impossible';
      this.undone.update((changes) => [...changes, change]);
      return change;
    });
  }

  redo(): Promise<Step> {
    return this.inTurn(async () => {
      const change = this.undone().at(-1);
      if (!change) return 'nothing';
      this.undone.update((changes) => changes.slice(0, -1));
      if (!(await change.redo())) return 'impossible';
      this.done.update((changes) => [...changes, change]);
      return change;
    });
  }

  /** Keys may be faster than the server: a redo right after an undo waits for that. */
  private inTurn(step: () => Promise<Step>): Promise<Step> {
    const result = this.running.then(step);
    this.running = result.catch(() => undefined);
    return result;
  }
}
