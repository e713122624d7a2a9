import { ChangeDetectionStrategy, Component, computed, inject, output, signal } from '@angular/core';
import type { SpeakerView } from '@auscult/contracts';
import { SpeakerChipComponent } from '@auscult/ui';
import { speechShares } from './transcript-text';
import { TranscriptStore } from './transcript.store';

const percent = new Intl.NumberFormat(undefined, { style: 'percent' });

/** Who speaks, and how much of all speech is each one's; a press renames. */
@Component({
  selector: 'auscult-speaker-legend',
  imports: [SpeakerChipComponent],
  template: `
    <ul role="list" aria-label="Speakers">
      @for (entry of entries(); track entry.speaker.id) {
        <li>
          <au-speaker-chip
            [name]="entry.speaker.name"
            [position]="entry.speaker.position"
            hint="Rename this speaker"
            [popup]="false"
            [renaming]="renaming() === entry.speaker.id"
            (renamingChange)="renamingChanged($event)"
            (pressed)="renaming.set(entry.speaker.id)"
            (renamed)="renamed.emit({ speaker: entry.speaker, name: $event })"
          >
            <span class="share numeric">{{ entry.share }}</span><span class="visually-hidden"> of the speech, rename</span>
          </au-speaker-chip>
        </li>
      }
    </ul>
  `,
  styles: `
    ul { display: flex; flex-wrap: wrap; gap: var(--space-3) var(--space-2); }
    .share { font-weight: 400; opacity: 0.9; }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SpeakerLegendComponent {
  private readonly store = inject(TranscriptStore);
  readonly renamed = output<{ speaker: SpeakerView; name: string }>();
  protected readonly renaming = signal<string | null>(null);
  protected readonly entries = computed(() => {
    const shares = speechShares(this.store.segments());
    return this.store.speakers().map((speaker) => ({ speaker, share: percent.format(shares.get(speaker.id) ?? 0) }));
  });

  protected renamingChanged(renaming: boolean): void {
    if (!renaming) this.renaming.set(null);
  }
}
