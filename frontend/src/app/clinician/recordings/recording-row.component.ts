import { CdkMenu, CdkMenuItem, CdkMenuTrigger } from '@angular/cdk/menu';
import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { RecordingView } from '@auscult/contracts';
import { ButtonComponent, IconComponent, ProgressBarComponent, StatusBadgeComponent, clock, exactDate, relativeDate, spokenDuration } from '@auscult/ui';
import { RecordingActions } from './recording-actions';
import { isRunning, remark, statusWords, wordsText } from './recording-words';

/** One recording of the list: where it stands, and what can be done with it. */
@Component({
  selector: 'auscult-recording-row',
  imports: [ButtonComponent, CdkMenu, CdkMenuItem, CdkMenuTrigger, IconComponent, ProgressBarComponent, RouterLink, StatusBadgeComponent],
  templateUrl: './recording-row.component.html',
  styleUrl: './recording-row.component.css',
  host: { '[attr.data-status]': 'recording().status', '[attr.data-tone]': 'status().tone' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RecordingRowComponent {
  readonly recording = input.required<RecordingView>();
  readonly now = input.required<Date>();

  protected readonly actions = inject(RecordingActions);
  protected readonly status = computed(() => statusWords(this.recording()));
  /** Nothing to add to the tick in front: a column of equal badges would only be noise. */
  protected readonly plain = computed(() => this.status().tone === 'success');
  protected readonly running = computed(() => isRunning(this.recording()));
  protected readonly remark = computed(() => remark(this.recording()));
  protected readonly date = computed(() => relativeDate(this.recording().createdAt, this.now()));
  protected readonly exact = computed(() => exactDate(this.recording().createdAt));
  protected readonly words = computed(() => wordsText(this.recording().wordCount));
  protected readonly duration = computed(() => {
    const ms = this.recording().durationMs;
    return ms === null ? null : { text: clock(ms), spoken: spokenDuration(ms) };
  });
  protected readonly retryLabel = computed(() => {
    const { status, failure } = this.recording();
    if (status === 'cancelled') return 'Continue transcription';
    // The audio itself is at fault: another attempt can only fail again.
    if (failure?.code === 'audio-missing' || failure?.code === 'not-audio' || failure?.code === 'no-audio-track') return null;
    return status === 'failed' ? 'Try again' : null;
  });
}
