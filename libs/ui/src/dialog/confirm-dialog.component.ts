import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { ButtonComponent } from '../button/button.component';

export interface ConfirmRequest {
  title: string;
  text: string;
  /** What the button does, as a verb: "Delete recording". */
  confirmLabel: string;
  cancelLabel?: string;
  danger?: boolean;
}

@Component({
  selector: 'au-confirm-dialog',
  imports: [ButtonComponent],
  template: `
    <h2 [id]="request.titleId">{{ request.title }}</h2>
    <p [id]="request.titleId + '-text'">{{ request.text }}</p>
    <div class="actions">
      <button auButton look="quiet" type="button" (click)="ref.close(false)">{{ request.cancelLabel ?? 'Cancel' }}</button>
      <button auButton [look]="request.danger ? 'danger' : 'primary'" type="button" (click)="ref.close(true)">{{ request.confirmLabel }}</button>
    </div>
  `,
  styleUrl: './dialog.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ConfirmDialogComponent {
  protected readonly request = inject<ConfirmRequest & { titleId: string }>(DIALOG_DATA);
  protected readonly ref = inject<DialogRef<boolean>>(DialogRef);
}
