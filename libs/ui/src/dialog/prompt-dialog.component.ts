import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { ChangeDetectionStrategy, Component, afterNextRender, inject, signal, viewChild } from '@angular/core';
import { ButtonComponent } from '../button/button.component';
import { TextFieldComponent } from '../field/text-field.component';

export interface PromptRequest {
  title: string;
  label: string;
  value: string;
  confirmLabel: string;
  maxLength?: number;
  /** Does the work before the dialog closes; a rejection keeps it open. */
  save: (value: string) => Promise<void>;
  /** Words for a rejection of `save`. */
  explain: (error: unknown) => string;
}

@Component({
  selector: 'au-prompt-dialog',
  imports: [ButtonComponent, TextFieldComponent],
  template: `
    <h2 [id]="request.titleId">{{ request.title }}</h2>
    <form novalidate (submit)="submit($event)">
      <au-text-field [label]="request.label" [(value)]="value" [maxLength]="request.maxLength ?? null" [error]="error()" autocomplete="off" />
      <div class="visually-hidden" role="alert">{{ error() }}</div>
      <div class="actions">
        <button auButton look="quiet" type="button" (click)="ref.close()">Cancel</button>
        <button auButton look="primary" type="submit" [busy]="busy()">{{ request.confirmLabel }}</button>
      </div>
    </form>
  `,
  styleUrl: './dialog.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PromptDialogComponent {
  protected readonly request = inject<PromptRequest & { titleId: string }>(DIALOG_DATA);
  protected readonly ref = inject<DialogRef<string>>(DialogRef);
  protected readonly value = signal(this.request.value);
  protected readonly error = signal<string | null>(null);
  protected readonly busy = signal(false);
  private readonly field = viewChild.required(TextFieldComponent);

  constructor() {
    afterNextRender(() => this.field().select());
  }

  protected async submit(event: Event): Promise<void> {
    event.preventDefault();
    const value = this.field().read().trim();
    if (value === '') return this.refuse('Give it a name.');
    if (value === this.request.value) return this.ref.close(value);
    this.busy.set(true);
    this.error.set(null);
    try {
      await this.request.save(value);
      this.ref.close(value);
    } catch (error) {
      this.refuse(this.request.explain(error));
    } finally {
      this.busy.set(false);
    }
  }

  private refuse(message: string): void {
    this.error.set(message);
    this.field().focus();
  }
}
