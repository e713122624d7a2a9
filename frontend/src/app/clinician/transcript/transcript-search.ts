import { Injectable, computed, effect, inject, linkedSignal, signal } from '@angular/core';
import { TextMarks, type TextSpan } from '@auscult/ui';
import { findMatches } from './find-matches';
import { TranscriptStore } from './transcript.store';

/** More marks than this help nobody and cost the browser. */
const MOST_MARKS = 2_000;

/** Searching within the transcript: matches, the current one, their marks in the text. */
@Injectable()
export class TranscriptSearch {
  private readonly store = inject(TranscriptStore);
  private readonly marks = inject(TextMarks);
  readonly query = signal('');
  readonly matches = computed(() => findMatches(this.store.segments(), this.query()));
  /** The current match, from 0; a new query begins anew. */
  private readonly position = linkedSignal({ source: this.query, computation: () => 0 });
  readonly index = computed(() => Math.min(this.position(), Math.max(0, this.matches().length - 1)));
  readonly current = computed<TextSpan | null>(() => this.matches()[this.index()] ?? null);
  readonly ticksMs = computed(() => {
    const startOf = new Map<string, number>();
    for (const { segmentId } of this.matches()) startOf.set(segmentId, this.store.segment(segmentId)?.startMs ?? 0);
    return [...startOf.values()].slice(0, MOST_MARKS);
  });

  constructor() {
    effect((onCleanup) => {
      this.marks.changes();
      const current = this.current();
      this.marks.mark('au-match', this.matches().slice(0, MOST_MARKS));
      this.marks.mark('au-match-current', current ? [current] : []);
      onCleanup(() => {
        this.marks.mark('au-match', []);
        this.marks.mark('au-match-current', []);
      });
    });
  }

  move(by: 1 | -1): void {
    const count = this.matches().length;
    if (count > 0) this.position.set((this.index() + by + count) % count);
  }
}
