import { CdkMenu, CdkMenuItem, CdkMenuTrigger } from '@angular/cdk/menu';
import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { ButtonComponent, ExportMenuComponent, IconComponent, StatusBadgeComponent, clock, exactDate, spokenDuration } from '@auscult/ui';
import { BackToRecordingsComponent } from '../recordings/back-to-recordings.component';
import { statusWords, wordsText } from '../recordings/recording-words';
import { againHindrance } from '../recordings/transcribe-again';
import { TranscriptCommands } from './transcript-commands';
import { TranscriptStore } from './transcript.store';

/** Title, facts and actions of one recording. */
@Component({
  selector: 'auscult-transcript-header',
  imports: [BackToRecordingsComponent, ButtonComponent, CdkMenu, CdkMenuItem, CdkMenuTrigger, ExportMenuComponent, IconComponent, StatusBadgeComponent],
  templateUrl: './transcript-header.component.html',
  styleUrl: './transcript-header.component.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TranscriptHeaderComponent {
  protected readonly store = inject(TranscriptStore);
  protected readonly commands = inject(TranscriptCommands);
  protected readonly hasText = computed(() => this.store.segments().length > 0);
  protected readonly status = computed(() => {
    const recording = this.store.recording();
    return recording && recording.status !== 'completed' ? statusWords(recording) : null;
  });
  protected readonly facts = computed(() => {
    const recording = this.store.recording();
    if (!recording) return null;
    const { durationMs, channelCount, createdAt, status, wordCount } = recording;
    return {
      date: exactDate(createdAt),
      duration: durationMs === null ? null : { text: clock(durationMs), spoken: spokenDuration(durationMs) },
      channels: channelCount === 2 ? 'Two channels' : null,
      words: status === 'completed' || wordCount > 0 ? wordsText(wordCount) : null,
      estimated: this.store.segments().some(({ wordTiming }) => wordTiming === 'estimated'),
    };
  });
  /** Where the server would refuse it, the reason stands beside it. */
  protected readonly again = computed(() => {
    const recording = this.store.recording();
    if (recording?.status !== 'completed') return null;
    return { hindrance: againHindrance(recording, this.store.segments().some(({ correctedAt }) => correctedAt !== null)) };
  });
}
