import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import { ButtonComponent } from '../button/button.component';
import { IconComponent } from '../icon/icon.component';

/** Pages count from 1. Hidden while everything fits on one. */
@Component({
  selector: 'au-pagination',
  imports: [ButtonComponent, IconComponent],
  template: `
    @if (pages() > 1) {
      <nav [attr.aria-label]="label()">
        <button auButton size="small" look="secondary" type="button" [disabled]="page() <= 1" (click)="pageChange.emit(page() - 1)">
          <au-icon name="chevron-left" [size]="18" />Newer
        </button>
        <span class="numeric">{{ from() }}–{{ to() }} of {{ total() }}</span>
        <button auButton size="small" look="secondary" type="button" [disabled]="page() >= pages()" (click)="pageChange.emit(page() + 1)">
          Older<au-icon name="chevron-right" [size]="18" />
        </button>
      </nav>
    }
  `,
  styles: `
    nav { display: flex; align-items: center; justify-content: center; gap: var(--space-4); margin-block-start: var(--space-5); }
    span { color: var(--color-ink-soft); font-size: var(--text-sm); }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PaginationComponent {
  readonly label = input('Pages');
  readonly page = input.required<number>();
  readonly pageSize = input.required<number>();
  readonly total = input.required<number>();
  readonly pageChange = output<number>();
  protected readonly pages = computed(() => Math.max(1, Math.ceil(this.total() / this.pageSize())));
  protected readonly from = computed(() => (this.page() - 1) * this.pageSize() + 1);
  protected readonly to = computed(() => Math.min(this.total(), this.page() * this.pageSize()));
}
