import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { ButtonComponent, IconComponent, ProgressBarComponent, fileSize, timeLeft } from '@auscult/ui';
import type { UploadItem } from './upload-item';
import { Uploads } from './uploads';

/** The uploads under way and the files that were not accepted; nothing where there are none. */
@Component({
  selector: 'auscult-upload-panel',
  imports: [ButtonComponent, IconComponent, ProgressBarComponent],
  templateUrl: './upload-panel.component.html',
  styleUrl: './upload-panel.component.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class UploadPanelComponent {
  protected readonly uploads = inject(Uploads);
  protected readonly heading = computed(() => {
    const items = this.uploads.items();
    const sending = items.filter((item) => item.state !== 'needs-file' && item.state !== 'failed').length;
    if (sending === 0) return items.length === 1 ? 'Unfinished upload' : 'Unfinished uploads';
    return sending === 1 ? 'Uploading 1 recording' : `Uploading ${sending} recordings`;
  });

  protected share(item: UploadItem): number {
    return item.sentBytes / item.sizeBytes;
  }

  /** One line: how far, how fast, how long still; or what it waits for. */
  protected line(item: UploadItem): string {
    const sent = `${fileSize(item.sentBytes)} of ${fileSize(item.sizeBytes)}`;
    switch (item.state) {
      case 'waiting':
        return `${fileSize(item.sizeBytes)}, waiting for its turn`;
      case 'interrupted':
        return `${sent} · the connection is down; it goes on by itself`;
      case 'paused':
        return `${sent} · paused`;
      case 'needs-file':
        return 'The page was closed before this was finished, and the browser let go of the file. Choose it again: it goes on where it stopped.';
      case 'failed':
        return '';
      case 'sending':
        return item.sentBytes >= item.sizeBytes ? `${sent} · checking` : [sent, ...speedOf(item)].join(' · ');
    }
  }

  protected async choose(files: FileList | null): Promise<void> {
    await this.uploads.add(files);
  }
}

function speedOf(item: UploadItem): string[] {
  if (item.speed === null || item.speed <= 0) return [];
  return [`${fileSize(item.speed)}/s`, timeLeft((item.sizeBytes - item.sentBytes) / item.speed)];
}
