import { ChangeDetectionStrategy, Component, ElementRef, booleanAttribute, computed, input, model, viewChild } from '@angular/core';

let count = 0;

/** One labelled line of text. `error` is announced and marks the field; a projected button stands inside at the end. */
@Component({
  selector: 'au-text-field',
  template: `
    <label [for]="id" [class.visually-hidden]="labelHidden()">{{ label() }}</label>
    <div class="box" [class.wrong]="error()">
      <ng-content select="[leading]" />
      <input
        #field
        [id]="id"
        [type]="type()"
        [attr.name]="name()"
        [value]="value()"
        [required]="required()"
        [disabled]="disabled()"
        [attr.autocomplete]="autocomplete()"
        [attr.inputmode]="inputMode()"
        [attr.maxlength]="maxLength()"
        [attr.placeholder]="placeholder()"
        [attr.spellcheck]="spellcheck()"
        [attr.autocapitalize]="autocapitalize()"
        [attr.aria-invalid]="error() ? 'true' : null"
        [attr.aria-describedby]="describedBy()"
        (input)="value.set(field.value)"
        (change)="value.set(field.value)"
      />
      <ng-content select="[trailing]" />
    </div>
    @if (error()) {
      <p class="error" [id]="id + '-error'">{{ error() }}</p>
    } @else if (hint()) {
      <p class="hint" [id]="id + '-hint'">{{ hint() }}</p>
    }
  `,
  styleUrls: ['./labelled.css', './text-field.component.css'],
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TextFieldComponent {
  protected readonly id = `au-field-${++count}`;
  readonly label = input.required<string>();
  readonly labelHidden = input(false, { transform: booleanAttribute });
  readonly value = model('');
  readonly type = input<'text' | 'email' | 'password' | 'search'>('text');
  readonly name = input<string | null>(null);
  readonly autocomplete = input<string | null>(null);
  readonly inputMode = input<string | null>(null);
  readonly autocapitalize = input<string | null>(null);
  readonly spellcheck = input<'true' | 'false' | null>(null);
  readonly maxLength = input<number | null>(null);
  readonly placeholder = input<string | null>(null);
  readonly hint = input<string | null>(null);
  readonly error = input<string | null>(null);
  readonly required = input(false, { transform: booleanAttribute });
  readonly disabled = input(false, { transform: booleanAttribute });

  private readonly field = viewChild.required<ElementRef<HTMLInputElement>>('field');
  protected readonly describedBy = computed(() => {
    if (this.error()) return `${this.id}-error`;
    return this.hint() ? `${this.id}-hint` : null;
  });

  focus(): void {
    this.field().nativeElement.focus();
  }

  select(): void {
    this.field().nativeElement.select();
  }

  /** What the browser filled in itself may not have raised an event: read it before a form is sent. */
  read(): string {
    this.value.set(this.field().nativeElement.value);
    return this.value();
  }
}
