import { ChangeDetectionStrategy, Component, output, signal } from '@angular/core';
import { IconComponent } from '@auscult/ui';

/** Takes files that are dropped anywhere on the page, and shows while they are over it that it will. */
@Component({
  selector: 'auscult-drop-anywhere',
  imports: [IconComponent],
  template: `
    @if (over()) {
      <div class="veil">
        <div class="target glass">
          <au-icon name="upload" [size]="36" />
          <p>Drop to transcribe</p>
        </div>
      </div>
    }
  `,
  styleUrl: './drop-anywhere.component.css',
  host: {
    '(document:dragenter)': 'enter($event)',
    '(document:dragover)': 'hover($event)',
    '(document:dragleave)': 'leave($event)',
    '(document:drop)': 'drop($event)',
  },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class DropAnywhereComponent {
  readonly dropped = output<File[]>();
  /** Every element under the pointer sends its own enter and leave: the page is left when they are even. */
  private depth = 0;
  protected readonly over = signal(false);

  protected enter(event: DragEvent): void {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    this.depth += 1;
    this.over.set(true);
  }

  protected hover(event: DragEvent): void {
    if (!carriesFiles(event)) return;
    // Without this the browser would open the file and leave the page.
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
  }

  protected leave(event: DragEvent): void {
    if (!carriesFiles(event)) return;
    this.depth = Math.max(0, this.depth - 1);
    if (this.depth === 0) this.over.set(false);
  }

  protected drop(event: DragEvent): void {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    this.depth = 0;
    this.over.set(false);
    this.dropped.emit([...(event.dataTransfer?.files ?? [])]);
  }
}

function carriesFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') ?? false;
}
