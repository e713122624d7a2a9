import { CdkMenu, CdkMenuItem, CdkMenuTrigger } from '@angular/cdk/menu';
import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import type { ExportFormat } from '@auscult/contracts';
import { ButtonComponent } from '../button/button.component';
import { IconComponent } from '../icon/icon.component';

const formats: readonly { format: ExportFormat; label: string; use: string }[] = [
  { format: 'docx', label: 'Word document', use: '.docx' },
  { format: 'txt', label: 'Plain text', use: '.txt' },
  { format: 'srt', label: 'Subtitles', use: '.srt' },
  { format: 'vtt', label: 'Web captions', use: '.vtt' },
  { format: 'json', label: 'Data with word times', use: '.json' },
];

/** Chooses a file format to save the transcript in. */
@Component({
  selector: 'au-export-menu',
  imports: [ButtonComponent, CdkMenu, CdkMenuItem, CdkMenuTrigger, IconComponent],
  template: `
    <button auButton look="primary" type="button" [busy]="busy()" [cdkMenuTriggerFor]="menu" [disabled]="disabled()">
      <au-icon name="download" [size]="18" />Export
    </button>
    <ng-template #menu>
      <div class="au-menu" cdkMenu aria-label="Export as">
        @for (one of formats; track one.format) {
          <button class="au-menu-item" type="button" cdkMenuItem (cdkMenuItemTriggered)="chosen.emit(one.format)">
            <span>{{ one.label }}</span><span class="extension">{{ one.use }}</span>
          </button>
        }
      </div>
    </ng-template>
  `,
  styles: `
    .extension { margin-inline-start: auto; color: var(--color-ink-faint); font-weight: 400; }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ExportMenuComponent {
  readonly busy = input(false);
  readonly disabled = input(false);
  readonly chosen = output<ExportFormat>();
  protected readonly formats = formats;
}
