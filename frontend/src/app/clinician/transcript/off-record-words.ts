import { Injectable, effect, inject, untracked } from '@angular/core';
import { Toasts } from '@auscult/ui';
import { LineFocus } from './line-focus';
import { LiveWords } from './live-words';
import { TranscriptEdits } from './transcript-edits';

/** Takes from this page what it still holds of words that have just gone off the record: refused corrections and what stands in the editor. */
@Injectable()
export class OffRecordWords {
  private readonly edits = inject(TranscriptEdits);
  private readonly lines = inject(LineFocus);
  private readonly toasts = inject(Toasts);

  constructor() {
    const live = inject(LiveWords);
    effect(() => {
      const spans = live.justOffRecord().map(({ atMs, durationMs }) => ({ startMs: atMs, endMs: atMs + (durationMs ?? 0) }));
      untracked(() => {
        const typed = spans.filter((span) => this.lines.forget(span)).length;
        this.tell(spans.reduce((count, span) => count + this.edits.forget(span), typed));
      });
    });
  }

  private tell(count: number): void {
    if (count === 0) return;
    const [text, line] = count === 1 ? ['A correction was given up', 'Its line'] : [`${count} corrections were given up`, 'Their lines'];
    this.toasts.show(text, { icon: 'off-record', detail: `${line} went off the record meanwhile. Correct what is left of it anew.` });
  }
}
