import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { Router, RouterOutlet } from '@angular/router';
import { ButtonComponent, StatePanelComponent, ToastOutletComponent } from '@auscult/ui';
import { problemMessage } from './core/problem-message';
import { ServerReach } from './core/server-reach';

@Component({
  selector: 'auscult-root',
  imports: [ButtonComponent, RouterOutlet, StatePanelComponent, ToastOutletComponent],
  template: `
    @if (message(); as message) {
      <main class="page">
        <au-state-panel icon="cloud-off" tone="danger" [heading]="message.title" [text]="message.advice">
          <button auButton look="primary" type="button" (click)="retry()">Try again</button>
        </au-state-panel>
      </main>
    }
    <router-outlet />
    <au-toast-outlet />
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class AppComponent {
  private readonly reach = inject(ServerReach);
  private readonly router = inject(Router);
  protected readonly message = computed(() => (this.reach.failure() === null ? null : problemMessage(this.reach.failure())));

  protected retry(): void {
    void this.router.navigateByUrl(location.pathname + location.search, { onSameUrlNavigation: 'reload' });
  }
}
