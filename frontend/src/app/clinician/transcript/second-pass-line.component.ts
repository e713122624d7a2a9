import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import type { RecordingView, SecondPass } from '@auscult/contracts';
import { ButtonComponent, IconComponent, type IconName } from '@auscult/ui';
import { TranscriptCommands } from './transcript-commands';
import { TranscriptStore } from './transcript.store';

interface Line {
  icon: IconName;
  text: string;
  canRetry: boolean;
}

/** Where the second hearing of a live session stands, in one quiet line: nothing has to be waited for. */
@Component({
  selector: 'auscult-second-pass-line',
  imports: [ButtonComponent, IconComponent],
  template: `
    @if (line(); as line) {
      <p>
        <au-icon [name]="line.icon" [size]="16" /><span class="numeric">{{ line.text }}</span>
        @if (line.canRetry) {
          <button auButton size="small" type="button" (click)="retry()">Try again</button>
        }
      </p>
    }
  `,
  styles: `
    p {
      display: flex; align-items: center; gap: var(--space-2); margin: 0 0 var(--space-3); padding-inline: var(--space-4);
      color: var(--color-ink-soft); font-size: var(--text-sm);
    }
    span { flex: 0 1 auto; min-width: 0; }
    au-icon { flex: none; }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SecondPassLineComponent {
  private readonly store = inject(TranscriptStore);
  private readonly commands = inject(TranscriptCommands);
  protected readonly line = computed(() => {
    const pass = this.store.recording()?.secondPass;
    return pass ? lineOf(pass) : null;
  });

  protected retry(): void {
    const recording: RecordingView | null = this.store.recording();
    if (recording) void this.commands.retry(recording);
  }
}

function lineOf({ state, progress, engine }: SecondPass): Line {
  const by = engine === null ? '' : ` by ${engine}`;
  switch (state) {
    case 'queued':
      return { icon: 'clock', text: 'A second, more careful hearing begins by itself. The transcript can be used meanwhile.', canRetry: false };
    case 'running':
      return { icon: 'waveform', text: `A second, more careful hearing${by} is under way (${Math.floor(progress * 100)} %).`, canRetry: false };
    case 'done':
      return { icon: 'check', text: `Heard a second time${by}; corrections stay.`, canRetry: false };
    case 'failed':
      return { icon: 'alert', text: 'The second hearing did not succeed. The transcript is as it was.', canRetry: true };
  }
}
