import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { ButtonComponent } from '../button/button.component';
import { IconComponent } from '../icon/icon.component';
import { Toasts } from './toasts';

@Component({
  selector: 'au-toast-outlet',
  imports: [ButtonComponent, IconComponent],
  template: `
    <section aria-label="Messages" [class.empty]="toasts.shown().length === 0">
      @for (toast of toasts.shown(); track toast.id) {
        <div
          class="toast"
          [attr.data-tone]="toast.tone ?? 'calm'"
          (mouseenter)="toasts.pause(toast)"
          (mouseleave)="toasts.resume(toast)"
          (focusin)="toasts.pause(toast)"
          (focusout)="toasts.resume(toast)"
        >
          <au-icon [name]="toast.icon ?? (toast.tone === 'danger' ? 'alert' : 'check-circle')" />
          <div class="text">
            <p class="first">{{ toast.text }}</p>
            @if (toast.detail) {
              <p class="detail">{{ toast.detail }}</p>
            }
          </div>
          @if (toast.action; as action) {
            <button auButton class="action" look="quiet" size="small" type="button" (click)="toasts.act(toast)">{{ action.label }}</button>
          }
          <button auButton look="quiet" size="icon" type="button" aria-label="Dismiss" (click)="toasts.dismiss(toast)">
            <au-icon name="x" [size]="18" />
          </button>
        </div>
      }
    </section>
  `,
  styleUrl: './toast-outlet.component.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ToastOutletComponent {
  protected readonly toasts = inject(Toasts);
}
