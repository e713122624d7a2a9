import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { DatePipe } from '@angular/common';
import { ChangeDetectionStrategy, Component, computed, effect, inject, signal, untracked } from '@angular/core';
import type { SegmentRevisionView } from '@auscult/contracts';
import { ButtonComponent } from '../button/button.component';
import { SkeletonComponent } from '../skeleton/skeleton.component';

export interface HistoryRequest {
  titleId: string;
  time: string;
  /** The segment's newest revision; null when it is gone. Read as a signal: the dialog is never older than the page. */
  revision: () => number | null;
  load: () => Promise<readonly SegmentRevisionView[]>;
  speakerName: (id: string) => string;
  explain: (error: unknown) => string;
}

/** Every kept state of one segment, newest first; closes with the one to go back to, or when the segment goes. */
@Component({
  selector: 'au-history-dialog',
  imports: [ButtonComponent, DatePipe, SkeletonComponent],
  templateUrl: './history-dialog.component.html',
  styleUrls: ['../dialog/dialog.css', './history-dialog.component.css'],
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class HistoryDialogComponent {
  protected readonly request = inject<HistoryRequest>(DIALOG_DATA);
  protected readonly ref = inject<DialogRef<SegmentRevisionView>>(DialogRef);
  protected readonly revisions = signal<readonly SegmentRevisionView[] | null>(null);
  protected readonly error = signal<string | null>(null);

  constructor() {
    // Other segments change all the time.
    const revision = computed(() => this.request.revision());
    effect(() => {
      const isGone = revision() === null;
      untracked(() => (isGone ? this.ref.close() : void this.load()));
    });
  }

  protected async load(): Promise<void> {
    this.error.set(null);
    // Words may have gone from states that were shown.
    this.revisions.set(null);
    const asked = this.request.revision();
    try {
      const revisions = await this.request.load();
      if (asked === this.request.revision()) this.revisions.set(revisions);
    } catch (error) {
      if (asked === this.request.revision()) this.error.set(this.request.explain(error));
    }
  }
}
