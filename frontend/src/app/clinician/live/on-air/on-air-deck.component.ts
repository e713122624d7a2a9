import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { IconComponent, LevelMeterComponent, OnAirSignComponent, clock, timeOfDay } from '@auscult/ui';
import { CALL_CHANNEL, LiveRecorder } from '../session/live-recorder';
import { connectionWords } from './connection-words';

/** What a glance must tell: recording or not, for how long, whether sound comes in, where it is. */
@Component({
  selector: 'auscult-on-air-deck',
  imports: [IconComponent, LevelMeterComponent, OnAirSignComponent],
  templateUrl: './on-air-deck.component.html',
  styleUrl: './on-air-deck.component.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class OnAirDeckComponent {
  protected readonly recorder = inject(LiveRecorder);
  protected readonly sign = computed(() => {
    if (this.recorder.stopped()) return { lit: false, text: 'Not recording' };
    if (this.recorder.stage() === 'finishing') return { lit: false, text: 'Finishing' };
    if (this.recorder.lostChannels().includes(0)) return { lit: false, text: 'No microphone' };
    if (this.recorder.paused()) return { lit: false, text: 'Paused' };
    return this.recorder.air() === 'no-sound' ? { lit: false, text: 'No sound' } : { lit: true, text: 'On air' };
  });
  /** Whole seconds: the clock is drawn once a second, not with every frame. */
  protected readonly elapsed = computed(() => clock(this.recorder.elapsedMs()));
  protected readonly about = computed(() => {
    const session = this.recorder.session();
    if (!session) return '';
    return `${session.source === 'telehealth' ? 'Telehealth' : 'In the room'}, since ${timeOfDay(session.startedAt)}`;
  });
  protected readonly connection = computed(() => {
    const state = this.recorder.state();
    return state && connectionWords(state);
  });
  /** For screen readers: recording or not comes first, and nothing that changes every second. */
  protected readonly spoken = computed(() => [this.sign().text, this.connection()?.spoken].filter(Boolean).join('. '));
  protected readonly meters = computed(() => {
    const names = this.recorder.session()?.source === 'telehealth' ? (['You', 'Call'] as const) : (['Room'] as const);
    const lost = this.recorder.lostChannels();
    return names.map((label, channel) => {
      const off = lost.includes(channel);
      const icon = channel === CALL_CHANNEL ? ('speaker' as const) : off ? ('mic-off' as const) : ('mic' as const);
      return { label, icon, off, level: this.sign().lit ? (this.recorder.levels.meters()[channel] ?? 0) : 0, tone: `var(--color-speaker-${channel})` };
    });
  });
}
