import { CdkMenu, CdkMenuItemRadio, CdkMenuTrigger } from '@angular/cdk/menu';
import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import type { WaveformView } from '@auscult/contracts';
import { IconComponent } from '../icon/icon.component';
import { clock } from './clock';
import { WaveformComponent } from './waveform.component';

/** The audio player at the foot of a transcript: waveform, play, skip, time and speed. Shows what it is given, plays nothing itself. */
@Component({
  selector: 'au-player-bar',
  imports: [CdkMenu, CdkMenuItemRadio, CdkMenuTrigger, IconComponent, WaveformComponent],
  templateUrl: './player-bar.component.html',
  styleUrl: './player-bar.component.css',
  host: { 'role': 'region', 'aria-label': 'Player', 'class': 'glass' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PlayerBarComponent {
  readonly playing = input(false);
  readonly waiting = input(false);
  readonly positionMs = input(0);
  readonly durationMs = input<number | null>(null);
  readonly waveform = input<WaveformView | null>(null);
  readonly reachedMs = input<number | null>(null);
  readonly channelTones = input<readonly number[]>([0, 1]);
  readonly ticksMs = input<readonly number[]>([]);
  readonly rate = input(1);
  readonly rates = input<readonly number[]>([1]);
  /** Why it cannot be played; null while it can. */
  readonly trouble = input<string | null>(null);
  readonly toggled = output();
  /** By so much, in ms; negative is back. */
  readonly skipped = output<number>();
  readonly sought = output<number>();
  readonly rateChosen = output<number>();
  readonly retried = output();

  private readonly hours = computed(() => (this.durationMs() ?? 0) >= 3_600_000);
  protected readonly time = computed(() => clock(this.positionMs(), { hours: this.hours() }));
  protected readonly total = computed(() => {
    const duration = this.durationMs();
    return duration === null ? null : clock(duration);
  });
}
