import { ChangeDetectionStrategy, Component, input } from '@angular/core';

/** The shape of what is coming. Decoration only: the region around it says in words that it is loading. */
@Component({
  selector: 'au-skeleton',
  template: '',
  styles: `
    :host {
      display: block; border-radius: var(--radius-sm); background: var(--color-neutral-soft);
      animation: breathe 1.8s ease-in-out infinite;
    }
    @keyframes breathe { 50% { opacity: 0.45; } }
  `,
  host: { 'aria-hidden': 'true', '[style.width]': 'width()', '[style.height]': 'height()' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SkeletonComponent {
  readonly width = input('100%');
  readonly height = input('1rem');
}
