import { Injectable, inject } from '@angular/core';
import { Toasts } from '@auscult/ui';
import { LineFocus } from './line-focus';
import { LiveWords } from './live-words';
import { spanOf } from './span';
import { TranscriptEdits } from './transcript-edits';

/** Takes from this page what it still holds of words that have just gone off the record: refused corrections and what stands in the editor. */
@Injectable()
export class OffRecordWords {
  private readonly edits = inject(TranscriptEdits);
  private readonly lines = inject(LineFocus);
  private readonly toasts = inject(Toasts);

  constructor() {
    inject(LiveWords).onOffRecord((markers) => {
      const spans = markers.map(spanOf);
      const typed = spans.filter((span) => this.lines.forget(span)).length;
      tellGivenUp(this.toasts, spans.reduce((count, span) => count + this.edits.forget(span), typed));
    });
  }
}

/** Says to their author, without their words, that so many corrections are lost. */
export function tellGivenUp(toasts: Toasts, count: number): void {
  if (count === 0) return;
  const [text, line] = count === 1 ? ['A correction was given up', 'Its line'] : [`${count} corrections were given up`, 'Their lines'];
  toasts.show(text, { icon: 'off-record', detail: `${line} went off the record meanwhile. Correct what is left of it anew.` });
}
