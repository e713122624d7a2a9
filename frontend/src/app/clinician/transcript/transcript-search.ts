import { Injectable, computed, effect, inject, linkedSignal, signal } from '@angular/core';
import { TextMarks, type TextSpan } from '@auscult/ui';
import { findMatches } from './find-matches';
import { TranscriptStore } from './transcript.store';

/** More marks than this help nobody and cost the browser. */
const MOST_MARKS = 1_000;
const MOST_TICKS = 150;

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
  /** Where matches stand in the recording, one for each tick that can be told apart. */
  readonly ticksMs = computed(() => {
    const duration = this.store.recording()?.durationMs ?? 0;
    const ticks = new Map<number, number>();
    for (const { segmentId } of this.matches()) {
      const startMs = this.store.segment(segmentId)?.startMs ?? 0;
      ticks.set(Math.round((startMs / duration) * MOST_TICKS), startMs);
    }
    return [...ticks.values()];
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
