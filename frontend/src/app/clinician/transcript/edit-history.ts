import { computed, signal } from '@angular/core';

/** A change that was made and can be taken back. Both directions answer whether they happened. */
export interface Change {
  /** What was done, for a message: "Text corrected". */
  label: string;
  undo(): Promise<boolean>;
  redo(): Promise<boolean>;
}

const KEPT = 200;

/** What can be undone and redone, newest last. */
export class EditHistory {
  private readonly done = signal<readonly Change[]>([]);
  private readonly undone = signal<readonly Change[]>([]);
  readonly canUndo = computed(() => this.done().length > 0);
  readonly canRedo = computed(() => this.undone().length > 0);
  readonly latest = computed(() => this.done().at(-1) ?? null);

  add(change: Change): void {
    this.done.update((changes) => [...changes, change].slice(-KEPT));
    this.undone.set([]);
  }

  /** The change taken back; null when there was none or it could not be. One that cannot be is forgotten. */
  async undo(): Promise<Change | null> {
    const change = this.done().at(-1);
    if (!change) return null;
    this.done.update((changes) => changes.slice(0, -1));
    if (!(await change.undo())) return null;
    this.undone.update((changes) => [...changes, change]);
    return change;
  }

  async redo(): Promise<Change | null> {
    const change = this.undone().at(-1);
    if (!change) return null;
    this.undone.update((changes) => changes.slice(0, -1));
    if (!(await change.redo())) return null;
    this.done.update((changes) => [...changes, change]);
    return change;
  }
}
