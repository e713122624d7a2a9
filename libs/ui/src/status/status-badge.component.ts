import { ChangeDetectionStrategy, Component, input } from '@angular/core';

export type StatusTone = 'neutral' | 'accent' | 'success' | 'warning' | 'danger' | 'info';

/** A short state in words; the colour only repeats what the words say. `live` adds a quiet pulse. */
@Component({
  selector: 'au-status-badge',
  template: `<span class="dot" aria-hidden="true"></span><ng-content />`,
  styles: `
    :host {
      display: inline-flex; align-items: center; gap: var(--space-2);
      min-height: 1.625rem; padding: 0 var(--space-3) 0 0.625rem; border-radius: var(--radius-full);
      background: var(--color-neutral-soft); color: var(--color-ink-soft);
      font-size: var(--text-xs); font-weight: 600; line-height: 1; white-space: nowrap;
    }
    :host([data-tone='accent']) { background: var(--color-accent-soft); color: var(--color-accent-ink); }
    :host([data-tone='success']) { background: var(--color-success-soft); color: var(--color-success-ink); }
    :host([data-tone='warning']) { background: var(--color-warning-soft); color: var(--color-warning-ink); }
    :host([data-tone='danger']) { background: var(--color-danger-soft); color: var(--color-danger-ink); }
    :host([data-tone='info']) { background: var(--color-info-soft); color: var(--color-info-ink); }
    .dot { width: 0.4375rem; height: 0.4375rem; border-radius: 50%; background: currentColor; }
    :host(.live) .dot { animation: pulse 1.8s ease-in-out infinite; }
    @keyframes pulse { 50% { opacity: 0.35; transform: scale(0.75); } }
  `,
  host: { '[attr.data-tone]': 'tone()', '[class.live]': 'live()' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class StatusBadgeComponent {
  readonly tone = input<StatusTone>('neutral');
  readonly live = input(false);
}
