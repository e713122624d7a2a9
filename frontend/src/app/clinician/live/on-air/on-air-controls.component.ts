import { CdkMenu, CdkMenuItem, CdkMenuTrigger } from '@angular/cdk/menu';
import type { ConnectedPosition } from '@angular/cdk/overlay';
import { ChangeDetectionStrategy, Component, computed, inject, output } from '@angular/core';
import { IconComponent } from '@auscult/ui';
import { singleKeysWanted } from '../../transcript/page-keys';
import { LiveRecorder } from '../session/live-recorder';

export const FORGETTABLE_MINUTES = [1, 2, 5] as const;
export type ForgettableMinutes = (typeof FORGETTABLE_MINUTES)[number];

/** The bar is at the foot of the window: its menu opens upwards, clear of the bar. */
const ABOVE: ConnectedPosition[] = [{ originX: 'start', originY: 'top', overlayX: 'start', overlayY: 'bottom', offsetY: -12 }];

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
  protected readonly above = ABOVE;
  protected readonly markerKey = singleKeysWanted();
  protected readonly minutes = FORGETTABLE_MINUTES;
  readonly toggled = output();
  readonly marked = output();
  readonly forgotten = output<ForgettableMinutes>();
  readonly finished = output();
  /** Nothing is recorded here: taken over, refused, or its end was said. */
  protected readonly idle = computed(() => this.recorder.stage() !== 'on-air' || this.recorder.stopped());
}
