import { Dialog } from '@angular/cdk/dialog';
import { Injectable, inject } from '@angular/core';
import { firstValueFrom } from 'rxjs';
import { ConfirmDialogComponent, type ConfirmRequest } from './confirm-dialog.component';
import { PromptDialogComponent, type PromptRequest } from './prompt-dialog.component';

let count = 0;

/** Asks before something is done. The focus is kept inside and goes back to where it came from. */
@Injectable({ providedIn: 'root' })
export class Dialogs {
  private readonly dialog = inject(Dialog);

  /** True when the person agreed. */
  async confirm(request: ConfirmRequest): Promise<boolean> {
    const titleId = `au-dialog-${++count}`;
    const opened = this.dialog.open<boolean, ConfirmRequest & { titleId: string }>(ConfirmDialogComponent, {
      ...looks(titleId),
      role: request.danger ? 'alertdialog' : 'dialog',
      ariaDescribedBy: `${titleId}-text`,
      data: { ...request, titleId },
    });
    return (await firstValueFrom(opened.closed, { defaultValue: false })) === true;
  }

  /** The text that was given, or null. `save` may reject: then the dialog stays open and shows what `explain` makes of it. */
  async prompt(request: PromptRequest): Promise<string | null> {
    const titleId = `au-dialog-${++count}`;
    const opened = this.dialog.open<string, PromptRequest & { titleId: string }>(PromptDialogComponent, {
      ...looks(titleId),
      data: { ...request, titleId },
    });
    return (await firstValueFrom(opened.closed, { defaultValue: undefined })) ?? null;
  }
}

function looks(titleId: string) {
  return { ariaLabelledBy: titleId, ariaModal: true, backdropClass: 'au-backdrop', panelClass: 'au-dialog-pane' };
}
