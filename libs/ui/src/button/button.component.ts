import { ChangeDetectionStrategy, Component, ElementRef, inject, input } from '@angular/core';

export type ButtonLook = 'primary' | 'secondary' | 'quiet' | 'danger';
export type ButtonSize = 'medium' | 'small' | 'icon';

/**
 * `<button auButton look="primary">` or `<a auButton>`. While `busy`, it keeps its width and its focus and takes no presses:
 * a disabled button would drop the focus of the person who has just pressed it.
 */
@Component({
  selector: 'button[auButton], a[auButton]',
  template: `
    <span class="content"><ng-content /></span>
    @if (busy()) {
      <span class="spinner" aria-hidden="true"></span>
    }
  `,
  styleUrl: './button.component.css',
  host: {
    '[attr.data-look]': 'look()',
    '[attr.data-size]': 'size()',
    '[class.busy]': 'busy()',
    '[attr.aria-busy]': 'busy() || null',
    '[attr.aria-disabled]': 'busy() || null',
  },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ButtonComponent {
  readonly look = input<ButtonLook>('secondary');
  readonly size = input<ButtonSize>('medium');
  readonly busy = input(false);

  constructor() {
    const { nativeElement } = inject<ElementRef<HTMLElement>>(ElementRef);
    // Capturing: the page's own listener stands on the same element and was added first.
    nativeElement.addEventListener('click', (event) => this.swallowWhileBusy(event), { capture: true });
  }

  private swallowWhileBusy(event: Event): void {
    if (!this.busy()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}
