import { ChangeDetectionStrategy, Component, input } from '@angular/core';

/** The sign that a session is recorded: red and lit while it is, grey while it is paused. Says so in words. */
@Component({
  selector: 'au-on-air-sign',
  template: `<span class="lamp" aria-hidden="true"></span><ng-content />`,
  styles: `
    :host {
      display: inline-flex; align-items: center; gap: var(--space-2); min-height: 2rem; padding: 0 var(--space-4) 0 var(--space-3);
      border-radius: var(--radius-full); background: var(--color-neutral-soft); color: var(--color-ink-soft);
      font-size: var(--text-sm); font-weight: 650; letter-spacing: 0.01em; white-space: nowrap;
      transition: background-color var(--normal) var(--ease), color var(--normal) var(--ease);
    }
    .lamp { width: 0.625rem; height: 0.625rem; border-radius: 50%; background: currentColor; opacity: 0.6; }
    :host(.lit) { background: var(--color-danger); color: var(--color-on-danger); }
    :host(.lit) .lamp { opacity: 1; animation: breathe 2.2s ease-in-out infinite; }
    @keyframes breathe { 50% { opacity: 0.35; } }
    @media (forced-colors: active) { :host { border: 1px solid currentColor; } }
  `,
  host: { '[class.lit]': 'lit()' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class OnAirSignComponent {
  readonly lit = input(false);
}
