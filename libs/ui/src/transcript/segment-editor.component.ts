import { ChangeDetectionStrategy, Component, ElementRef, afterNextRender, input, output, viewChild } from '@angular/core';

/** Corrects one segment's text in place: Enter or leaving it saves, Escape gives up. */
@Component({
  selector: 'au-segment-editor',
  template: `
    <textarea
      #field
      rows="1"
      spellcheck="true"
      [attr.aria-label]="label()"
      [attr.aria-describedby]="describedBy()"
      maxlength="20000"
      (keydown)="key($event)"
      (input)="grow()"
      (blur)="left()"
    ></textarea>
  `,
  styles: `
    :host { display: block; }
    textarea {
      display: block; width: calc(100% + 2 * var(--space-2)); margin: calc(-1 * var(--space-1)) calc(-1 * var(--space-2));
      padding: var(--space-1) var(--space-2); border: 0; border-radius: var(--radius-sm);
      background: var(--color-raised); color: var(--color-ink); line-height: inherit; resize: none; overflow: hidden;
      box-shadow: 0 0 0 2px var(--color-focus); outline: none; field-sizing: content;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SegmentEditorComponent {
  readonly text = input.required<string>();
  readonly label = input.required<string>();
  readonly describedBy = input<string | null>(null);
  /** Where the caret goes; null is the end. */
  readonly caret = input<number | null>(null);
  readonly saved = output<string>();
  readonly cancelled = output();
  private readonly field = viewChild.required<ElementRef<HTMLTextAreaElement>>('field');
  private opened = '';
  private finished = false;

  constructor() {
    afterNextRender(() => {
      const { nativeElement } = this.field();
      // Once, and not bound: what arrives from elsewhere meanwhile must not overwrite what is being typed.
      this.opened = this.text();
      nativeElement.value = this.opened;
      this.grow();
      // The place on screen stays where the person clicked.
      nativeElement.focus({ preventScroll: true });
      const caret = this.caret() ?? nativeElement.value.length;
      nativeElement.setSelectionRange(caret, caret);
    });
  }

  protected key(event: KeyboardEvent): void {
    // While an input method composes a character, its keys are its own.
    if (event.isComposing) return;
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      this.finish();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      this.finished = true;
      this.cancelled.emit();
    }
  }

  /** For browsers without field-sizing. */
  protected grow(): void {
    const { nativeElement } = this.field();
    if (typeof CSS !== 'undefined' && CSS.supports('field-sizing', 'content')) return;
    nativeElement.style.height = 'auto';
    nativeElement.style.height = `${nativeElement.scrollHeight}px`;
  }

  /** A glance at another window is no end: the words stay in the field. */
  protected left(): void {
    if (this.field().nativeElement.ownerDocument.hasFocus()) this.finish();
  }

  protected finish(): void {
    if (this.finished) return;
    this.finished = true;
    const { value } = this.field().nativeElement;
    // An untouched text goes out as it came in: tidying would make a correction of it.
    this.saved.emit(value === this.opened ? value : value.replace(/\s+/g, ' ').trim());
  }
}
