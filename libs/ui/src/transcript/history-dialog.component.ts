import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { DatePipe } from '@angular/common';
import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import type { SegmentRevisionView } from '@auscult/contracts';
import { ButtonComponent } from '../button/button.component';
import { SkeletonComponent } from '../skeleton/skeleton.component';

export interface HistoryRequest {
  titleId: string;
  time: string;
  load: () => Promise<readonly SegmentRevisionView[]>;
  speakerName: (id: string) => string;
  explain: (error: unknown) => string;
}

/** Every kept state of one segment, newest first; closes with the one to go back to. */
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
    void this.load();
  }

  protected async load(): Promise<void> {
    this.error.set(null);
    try {
      this.revisions.set(await this.request.load());
    } catch (error) {
      this.error.set(this.request.explain(error));
    }
  }
}
