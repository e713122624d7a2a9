import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';

/** How much is done, 0 to 1; null while nobody knows. */
@Component({
  selector: 'au-progress-bar',
  template: `<div class="fill" [style.transform]="shift()"></div>`,
  styles: `
    :host { display: block; height: 0.375rem; border-radius: var(--radius-full); background: var(--color-neutral-soft); overflow: hidden; }
    .fill {
      height: 100%; border-radius: inherit; background: var(--color-accent);
      transition: transform var(--slow) var(--ease);
    }
    :host([data-tone='quiet']) .fill { background: var(--color-ink-faint); }
    :host(.unknown) .fill { width: 35%; animation: pass 1.6s ease-in-out infinite; }
    @keyframes pass { from { transform: translateX(-110%); } to { transform: translateX(310%); } }
    @media (forced-colors: active) { :host { border: 1px solid; } .fill { background: Highlight; } }
  `,
  host: {
    'role': 'progressbar',
    '[attr.aria-label]': 'label()',
    '[attr.aria-valuemin]': '0',
    '[attr.aria-valuemax]': '100',
    '[attr.aria-valuenow]': 'percent()',
    '[attr.data-tone]': 'tone()',
    '[class.unknown]': 'value() === null',
  },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ProgressBarComponent {
  readonly label = input.required<string>();
  readonly value = input.required<number | null>();
  readonly tone = input<'accent' | 'quiet'>('accent');
  protected readonly percent = computed(() => {
    const value = this.value();
    return value === null ? null : Math.round(Math.min(1, Math.max(0, value)) * 100);
  });
  protected readonly shift = computed(() => {
    const value = this.value();
    return value === null ? null : `translateX(${(Math.min(1, Math.max(0, value)) - 1) * 100}%)`;
  });
}
