import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { IconComponent } from '../icon/icon.component';
import type { IconName } from '../icon/icons';

const BARS = 14;

/** How loud a source is now, as a row of bars. Ten readings a second say nothing to a screen reader: what matters is warned of in words. */
@Component({
  selector: 'au-level-meter',
  imports: [IconComponent],
  template: `
    <au-icon [name]="icon()" [size]="18" />
    <span class="label">{{ label() }}</span>
    <span class="bars" aria-hidden="true">
      @for (bar of bars(); track $index) {
        <span [class.lit]="bar.lit" [attr.data-zone]="bar.zone"></span>
      }
    </span>
  `,
  styleUrl: './level-meter.component.css',
  host: { '[class.off]': 'off()' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class LevelMeterComponent {
  readonly label = input.required<string>();
  readonly icon = input<IconName>('mic');
  /** 0 to 1. */
  readonly level = input.required<number>();
  /** There is no source. */
  readonly off = input(false);
  protected readonly bars = computed(() => {
    const lit = this.off() ? 0 : Math.ceil(this.level() * BARS - 0.02);
    // The last bars are near clipping.
    return Array.from({ length: BARS }, (_, index) => ({ lit: index < lit, zone: index >= BARS - 1 ? 'loud' : 'good' }));
  });
}
