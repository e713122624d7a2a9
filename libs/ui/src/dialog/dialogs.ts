import { Dialog, DialogConfig, type DialogRef } from '@angular/cdk/dialog';
import type { ComponentType } from '@angular/cdk/portal';
import { Injectable, inject } from '@angular/core';
import { firstValueFrom } from 'rxjs';
import { ConfirmDialogComponent, type ConfirmRequest } from './confirm-dialog.component';
import { PromptDialogComponent, type PromptRequest } from './prompt-dialog.component';

export interface DialogOptions<D> {
  /** Id of the element inside that names the dialog. */
  labelledBy: string;
  describedBy?: string;
  /** The component injects it as DIALOG_DATA. */
  data?: D;
  role?: 'dialog' | 'alertdialog';
  /** A press beside it does not close it: for dialogs in which much is typed. */
  keepOpen?: boolean;
}

let count = 0;

/** Opens dialogs. The focus is kept inside and goes back to where it came from. */
@Injectable({ providedIn: 'root' })
export class Dialogs {
  private readonly dialog = inject(Dialog);

  /** Shows a component as a dialog; answers what it closed with, undefined when it was dismissed. */
  async open<R, D = unknown>(component: ComponentType<unknown>, options: DialogOptions<D>): Promise<R | undefined> {
    // The menu that a dialog is opened from closes after its item's handler: only then the focus is where it has to come back to.
    await Promise.resolve();
    const config = new DialogConfig<D, DialogRef<R>>();
    config.ariaLabelledBy = options.labelledBy;
    config.ariaDescribedBy = options.describedBy ?? null;
    config.role = options.role ?? 'dialog';
    config.data = options.data ?? null;
    config.disableClose = options.keepOpen ?? false;
    config.ariaModal = true;
    config.backdropClass = 'au-backdrop';
    config.panelClass = 'au-dialog-pane';
    return firstValueFrom(this.dialog.open<R, D>(component, config).closed, { defaultValue: undefined });
  }

  /** Each is answered as dismissed, those too that a press beside them does not close. */
  closeAll(): void {
    this.dialog.closeAll();
  }

  /** True when the person agreed. */
  async confirm(request: ConfirmRequest): Promise<boolean> {
    const titleId = nextId();
    const agreed = await this.open<boolean>(ConfirmDialogComponent, {
      labelledBy: titleId,
      describedBy: `${titleId}-text`,
      role: request.danger ? 'alertdialog' : 'dialog',
      data: { ...request, titleId },
    });
    return agreed === true;
  }

  /** The text that was given, or null. `save` may reject: then the dialog stays open and shows what `explain` makes of it. */
  async prompt(request: PromptRequest): Promise<string | null> {
    const titleId = nextId();
    return (await this.open<string>(PromptDialogComponent, { labelledBy: titleId, data: { ...request, titleId } })) ?? null;
  }
}

function nextId(): string {
  count += 1;
  return `au-dialog-${count}`;
}
