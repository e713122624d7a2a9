import { ChangeDetectionStrategy, Component, ElementRef, computed, effect, input, model, output, viewChild } from '@angular/core';

/** A speaker's name in her colour; a press opens what can be done with it, and the name can be changed in place. */
@Component({
  selector: 'au-speaker-chip',
  template: `
    @if (renaming()) {
      <input
        #field
        [value]="name()"
        maxlength="80"
        autocomplete="off"
        [attr.aria-label]="'New name of ' + name() + ', for all of the transcript'"
        [size]="width()"
        (keydown)="key($event, field.value)"
        (blur)="finish(field.value)"
      />
    } @else {
      <button type="button" [tabIndex]="tabStop() ? 0 : -1" [attr.aria-haspopup]="popup() ? 'menu' : null" [title]="hint()" (click)="pressed.emit($event)">
        <span class="speaker-dot" aria-hidden="true"></span>{{ name() }}<ng-content />
      </button>
    }
  `,
  styleUrl: './speaker-chip.component.css',
  host: { '[style.--tone]': "'var(--color-speaker-' + tone() + ')'", '[style.--tone-soft]': "'var(--color-speaker-' + tone() + '-soft)'" },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SpeakerChipComponent {
  readonly name = input.required<string>();
  /** Order of appearance, from 0: the colour. */
  readonly position = input.required<number>();
  readonly hint = input('Speaker: rename or choose another');
  readonly tabStop = input(true);
  /** A press opens a menu. */
  readonly popup = input(true);
  readonly renaming = model(false);
  readonly pressed = output<Event>();
  readonly renamed = output<string>();
  protected readonly tone = computed(() => this.position() % 6);
  protected readonly width = computed(() => Math.min(30, Math.max(8, this.name().length + 2)));
  private readonly field = viewChild<ElementRef<HTMLInputElement>>('field');

  constructor() {
    effect(() => {
      const field = this.field()?.nativeElement;
      field?.focus();
      field?.select();
    });
  }

  protected key(event: KeyboardEvent, value: string): void {
    if (event.isComposing) return;
    if (event.key === 'Enter') {
      event.preventDefault();
      this.finish(value);
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      this.renaming.set(false);
    }
  }

  protected finish(value: string): void {
    if (!this.renaming()) return;
    this.renaming.set(false);
    const name = value.trim();
    if (name !== '' && name !== this.name()) this.renamed.emit(name);
  }
}
