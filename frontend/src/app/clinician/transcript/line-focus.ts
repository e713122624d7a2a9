import { DOCUMENT, Injectable, computed, inject, signal } from '@angular/core';
import { SegmentScroll } from './segment-scroll';
import { overlaps, type Span } from './span';
import { TranscriptStore } from './transcript.store';

export interface Editing {
  id: string;
  caret: number | null;
  /** What its author saw when she began: a refinement may change the line meanwhile. */
  text: string;
  revision: number;
  place: Span;
}

/** Which line the keyboard is on, and which one is being corrected. */
@Injectable()
export class LineFocus {
  private readonly document = inject(DOCUMENT);
  private readonly store = inject(TranscriptStore);
  private readonly scroll = inject(SegmentScroll);
  private readonly chosen = signal<string | null>(null);
  /** The one line where Tab stops: the last one that had the focus, else the first. */
  readonly tabStop = computed(() => {
    const chosen = this.chosen();
    return chosen !== null && this.store.segment(chosen) ? chosen : (this.store.segments()[0]?.id ?? null);
  });
  readonly editing = signal<Editing | null>(null);
  /** What the editor held last; null before anything was typed. */
  private typed: string | null = null;
  /** The line in which a speaker is being renamed. */
  readonly renaming = signal<string | null>(null);

  remember(id: string): void {
    this.chosen.set(id);
  }

  focus(id: string): void {
    this.chosen.set(id);
    const row = this.document.getElementById(`segment-${id}`);
    row?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: 'nearest' });
  }

  /** The line before or after; stays at the ends. */
  move(from: string, by: 1 | -1): void {
    const segments = this.store.segments();
    const index = segments.findIndex(({ id }) => id === from);
    const next = segments[index + by];
    if (!next) return;
    if (!this.document.getElementById(`segment-${next.id}`)) this.scroll.to(next.id);
    this.focus(next.id);
  }

  edit(id: string, caret: number | null): void {
    const segment = this.store.segment(id);
    if (!segment) return;
    this.chosen.set(id);
    const { text, revision, startMs, endMs } = segment;
    this.typed = null;
    this.editing.set({ id, caret, text, revision, place: { startMs, endMs } });
  }

  /** From the editor to its line, which saves. */
  leaveEditor(): void {
    const row = this.editedRow();
    if (row?.contains(this.document.activeElement)) row.focus({ preventScroll: true });
  }

  /** The line whose editor holds other words than were seen. */
  changed(): string | null {
    const editing = this.editing();
    const field = this.editedRow()?.querySelector('textarea');
    return editing && field && field.value !== editing.text ? editing.id : null;
  }

  /** Hears what is typed: when the page is gone, its field cannot be asked any more. */
  type(text: string): void {
    this.typed = text;
  }

  /** Words in the editor that were not saved; null where there are none, or no line for them. */
  typedWords(): string | null {
    const editing = this.editing();
    return editing && this.typed !== editing.text && this.store.segment(editing.id) ? this.typed : null;
  }

  /** What was typed is given up. */
  forgetTyped(): void {
    this.typed = null;
  }

  /** Ends the editor of a line there, without saving; answers whether it held other words than were seen. */
  forget(span: Span): boolean {
    const editing = this.editing();
    if (!editing || !overlaps(editing.place, span)) return false;
    // Its field may be gone with its line.
    const hadWords = this.changed() !== null || (this.typed !== null && this.typed !== editing.text);
    this.endEditing(editing.id);
    return hadWords;
  }

  /** Back from the editor to its line. */
  endEditing(id: string): void {
    if (this.editing()?.id !== id) return;
    const inside = this.editedRow()?.contains(this.document.activeElement) ?? false;
    this.editing.set(null);
    this.typed = null;
    if (inside) this.focus(id);
  }

  private editedRow(): HTMLElement | null {
    return this.document.getElementById(`segment-${this.editing()?.id}`);
  }
}
