import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { IconComponent } from '../icon/icon.component';
import type { IconName } from '../icon/icons';

/**
 * What stands where content would be: nothing there yet, nothing found, or something went wrong. Says what it is and what to
 * do; projected buttons do it. With `tone="danger"` it is announced at once.
 */
@Component({
  selector: 'au-state-panel',
  imports: [IconComponent],
  template: `
    <span class="mark"><au-icon [name]="icon()" [size]="26" /></span>
    <h2>{{ heading() }}</h2>
    @if (text()) {
      <p>{{ text() }}</p>
    }
    <div class="actions"><ng-content /></div>
  `,
  styleUrl: './state-panel.component.css',
  host: { '[attr.data-tone]': 'tone()', '[attr.role]': "tone() === 'danger' ? 'alert' : null" },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class StatePanelComponent {
  readonly icon = input<IconName>('info');
  readonly heading = input.required<string>();
  readonly text = input<string | null>(null);
  readonly tone = input<'calm' | 'danger'>('calm');
}
