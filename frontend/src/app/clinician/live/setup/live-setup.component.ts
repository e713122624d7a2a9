import { ChangeDetectionStrategy, Component, computed, inject, input, output, signal } from '@angular/core';
import { ButtonComponent, IconComponent, NoticeComponent, SelectComponent, StatePanelComponent, type IconName, type SelectOption } from '@auscult/ui';
import { troubleWords } from '../capture/capture-words';
import { SoundSources } from '../capture/sound-sources';
import type { Begin } from '../session/live-recorder';
import type { Trouble } from '../session/session-devices';
import type { KeptSession } from '../spool/session-shelf';
import { rememberedChoice, rememberChoice } from './remembered-choice';

interface Mode {
  value: KeptSession['source'];
  icon: IconName;
  title: string;
  text: string;
}

/** Where the sound comes from; then one press and the session is on air. */
@Component({
  selector: 'auscult-live-setup',
  imports: [ButtonComponent, IconComponent, NoticeComponent, SelectComponent, StatePanelComponent],
  templateUrl: './live-setup.component.html',
  styleUrl: './live-setup.component.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class LiveSetupComponent {
  readonly starting = input(false);
  readonly trouble = input<Trouble | null>(null);
  readonly begun = output<Begin>();

  private readonly sources = inject(SoundSources);
  private readonly remembered = rememberedChoice();
  protected readonly source = signal(this.remembered.source);
  private readonly device = signal(this.remembered.deviceId ?? '');
  protected readonly modes: readonly Mode[] = [
    { value: 'room', icon: 'users', title: 'In the room', text: 'One microphone hears everybody.' },
    { value: 'telehealth', icon: 'monitor', title: 'Telehealth', text: 'Your microphone, and the sound of the call from its tab. Who spoke is known.' },
  ];

  protected readonly obstacle = computed(() => {
    const trouble = this.sources.obstacle();
    return trouble && troubleWords(trouble);
  });
  protected readonly sharing = computed(() => (this.source() === 'telehealth' && !this.sources.canShare() ? troubleWords('no-sharing') : null));
  protected readonly problem = computed(() => {
    const trouble = this.trouble();
    if (trouble === null) return null;
    if (trouble.cause === 'other-tab') return { title: 'This session is on air in another tab', advice: 'Go to that tab, or close it and try again.' };
    return troubleWords(trouble.cause, trouble.sharing);
  });
  protected readonly microphones = computed<SelectOption[]>(() => [
    { value: '', label: 'The system’s microphone' },
    ...this.sources.microphones().map(({ id, label }) => ({ value: id, label })),
  ]);
  /** One that was unplugged since is not asked for. */
  protected readonly deviceId = computed(() => (this.microphones().some(({ value }) => value === this.device()) ? this.device() : ''));

  protected chooseDevice(id: string): void {
    this.device.set(id);
  }

  protected start(): void {
    const choice: Begin = { source: this.source(), deviceId: this.deviceId() === '' ? null : this.deviceId() };
    rememberChoice(choice);
    this.begun.emit(choice);
  }
}
