import { ChangeDetectionStrategy, Component, ElementRef, computed, input, model, output, viewChild } from '@angular/core';
import { IconComponent } from '../icon/icon.component';

/** Finds words in the transcript: Enter goes to the next place, Shift+Enter to the one before, Escape ends it. */
@Component({
  selector: 'au-transcript-search',
  imports: [IconComponent],
  template: `
    <label class="box">
      <au-icon name="search" [size]="18" />
      <span class="visually-hidden">Search in this transcript</span>
      <input #field type="search" placeholder="Search in this transcript" autocomplete="off" spellcheck="false" [value]="query()" (input)="query.set(field.value)" (keydown)="key($event)" />
    </label>
    @if (query().trim() !== '') {
      <span class="count numeric" role="status">{{ countText() }}</span>
      <button type="button" aria-label="Previous match" title="Previous match (Shift+Enter)" [disabled]="count() === 0" (click)="moved.emit(-1)">
        <au-icon class="up" name="chevron-down" [size]="20" />
      </button>
      <button type="button" aria-label="Next match" title="Next match (Enter)" [disabled]="count() === 0" (click)="moved.emit(1)">
        <au-icon name="chevron-down" [size]="20" />
      </button>
      <button type="button" aria-label="End search" title="End search (Escape)" (click)="end()"><au-icon name="x" [size]="18" /></button>
    }
  `,
  styleUrl: './transcript-search.component.css',
  host: { role: 'search' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TranscriptSearchComponent {
  readonly query = model('');
  readonly count = input(0);
  /** The current match, from 0. */
  readonly index = input(0);
  readonly moved = output<1 | -1>();
  private readonly field = viewChild.required<ElementRef<HTMLInputElement>>('field');
  protected readonly countText = computed(() => {
    if (this.count() === 0) return 'None';
    return `${this.index() + 1} of ${this.count()}`;
  });

  focus(): void {
    const { nativeElement } = this.field();
    nativeElement.focus();
    nativeElement.select();
  }

  protected end(): void {
    this.query.set('');
    this.field().nativeElement.focus();
  }

  protected key(event: KeyboardEvent): void {
    if (event.isComposing) return;
    if (event.key === 'Enter') {
      event.preventDefault();
      this.moved.emit(event.shiftKey ? -1 : 1);
    } else if (event.key === 'Escape' && this.query() !== '') {
      event.preventDefault();
      event.stopPropagation();
      this.end();
    }
  }
}
