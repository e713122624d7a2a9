import { CdkMenu, CdkMenuItem, CdkMenuTrigger } from '@angular/cdk/menu';
import { ChangeDetectionStrategy, Component, computed, inject, output } from '@angular/core';
import { IconComponent } from '@auscult/ui';
import { LiveRecorder } from '../session/live-recorder';

export const FORGETTABLE_MINUTES = [1, 2, 5] as const;
export type ForgettableMinutes = (typeof FORGETTABLE_MINUTES)[number];

/** The keys of the machine: pause, marker, off the record, finish. */
@Component({
  selector: 'auscult-on-air-controls',
  imports: [CdkMenu, CdkMenuItem, CdkMenuTrigger, IconComponent],
  templateUrl: './on-air-controls.component.html',
  styleUrl: './on-air-controls.component.css',
  host: { role: 'group', 'aria-label': 'Session' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class OnAirControlsComponent {
  protected readonly recorder = inject(LiveRecorder);
  protected readonly minutes = FORGETTABLE_MINUTES;
  readonly toggled = output();
  readonly marked = output();
  readonly forgotten = output<ForgettableMinutes>();
  readonly finished = output();
  /** Nothing is recorded here: taken over, refused, or its end was said. */
  protected readonly idle = computed(() => this.recorder.stage() !== 'on-air' || this.recorder.replaced() || this.recorder.state()?.phase === 'refused');
}
