import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { IconComponent } from '../icon/icon.component';
import type { IconName } from '../icon/icons';

/** A strip above the content that says what is going on and what to do; projected buttons do it. `danger` is announced at once. */
@Component({
  selector: 'au-notice',
  imports: [IconComponent],
  template: `
    <au-icon [name]="icon()" [size]="22" />
    <div class="words">
      <strong>{{ heading() }}</strong>
      @if (text()) {
        <span>{{ text() }}</span>
      }
    </div>
    <div class="actions"><ng-content /></div>
  `,
  styles: `
    :host {
      display: grid; grid-template-columns: auto minmax(0, 1fr) auto; align-items: center; gap: var(--space-3);
      padding: var(--space-3) var(--space-3) var(--space-3) var(--space-4); border-radius: var(--radius-lg);
      background: var(--color-neutral-soft); color: var(--color-ink);
    }
    :host > au-icon { color: var(--color-ink-soft); }
    :host([data-tone='accent']) { background: var(--color-accent-soft); }
    :host([data-tone='accent']) > au-icon { color: var(--color-accent-ink); }
    :host([data-tone='warning']) { background: var(--color-warning-soft); }
    :host([data-tone='warning']) > au-icon { color: var(--color-warning-ink); }
    :host([data-tone='danger']) { background: var(--color-danger-soft); }
    :host([data-tone='danger']) > au-icon { color: var(--color-danger-ink); }
    .words { display: grid; gap: 0.125rem; min-width: 0; font-size: var(--text-sm); }
    .words span { color: var(--color-ink-soft); }
    .actions { display: flex; flex-wrap: wrap; justify-content: flex-end; gap: var(--space-2); }
    .actions:empty { display: none; }
    @media (max-width: 40rem) {
      :host { grid-template-columns: auto minmax(0, 1fr); align-items: start; }
      .actions { display: grid; grid-column: 1 / -1; grid-template-columns: minmax(0, 1fr); justify-content: stretch; }
      .actions:empty { display: none; }
    }
  `,
  host: { '[attr.data-tone]': 'tone()', '[attr.role]': "tone() === 'danger' ? 'alert' : 'status'" },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class NoticeComponent {
  readonly icon = input<IconName>('info');
  readonly tone = input<'neutral' | 'accent' | 'warning' | 'danger'>('neutral');
  readonly heading = input.required<string>();
  readonly text = input<string | null>(null);
}
