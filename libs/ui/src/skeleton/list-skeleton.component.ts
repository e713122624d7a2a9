import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { SkeletonComponent } from './skeleton.component';

/** The shape of a list while it is loaded: rows with a picture and two lines of text. `label` says so in words. */
@Component({
  selector: 'au-list-skeleton',
  imports: [SkeletonComponent],
  template: `
    @for (row of places(); track row) {
      <div class="row">
        <au-skeleton width="2.625rem" height="2.625rem" />
        <div><au-skeleton width="min(18rem, 70%)" /><au-skeleton width="min(11rem, 45%)" height="0.75rem" /></div>
      </div>
    }
  `,
  styles: `
    :host { display: block; overflow: hidden; }
    .row { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: var(--space-4); padding: var(--space-4) var(--space-5); }
    .row + .row { border-block-start: 1px solid var(--color-line); }
    .row > div { display: grid; align-content: center; gap: var(--space-2); }
  `,
  host: { class: 'surface', role: 'status', '[attr.aria-label]': 'label()' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ListSkeletonComponent {
  readonly label = input.required<string>();
  readonly rows = input.required<number>();
  protected readonly places = computed(() => Array.from({ length: this.rows() }, (_, row) => row));
}
