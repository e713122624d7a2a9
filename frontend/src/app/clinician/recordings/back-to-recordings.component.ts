import { ChangeDetectionStrategy, Component } from '@angular/core';
import { RouterLink } from '@angular/router';
import { IconComponent } from '@auscult/ui';

/** The way back to the list, above the heading of whatever was opened from it. */
@Component({
  selector: 'auscult-back-to-recordings',
  imports: [IconComponent, RouterLink],
  template: `<a routerLink="/recordings"><au-icon name="arrow-left" [size]="18" />Recordings</a>`,
  styles: `
    :host { display: block; margin-block-end: var(--space-1); }
    a {
      display: inline-flex; align-items: center; gap: var(--space-2); min-height: var(--target);
      color: var(--color-ink-soft); font-size: var(--text-sm); font-weight: 600; text-decoration: none;
    }
    a:hover { color: var(--color-ink); }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class BackToRecordingsComponent {}
