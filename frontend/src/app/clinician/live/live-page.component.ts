import { ChangeDetectionStrategy, Component, DestroyRef, type ElementRef, computed, effect, inject, signal, untracked, viewChild } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { ButtonComponent, IconComponent, StatePanelComponent } from '@auscult/ui';
import { LeaveGuard } from '../../core/leave-guard';
import { problemMessage } from '../../core/problem-message';
import { Session } from '../../core/session';
import { keepMessagesAbove } from '../messages-above';
import { BackToRecordingsComponent } from '../recordings/back-to-recordings.component';
import { LiveTail } from '../transcript/live-tail';
import { LiveWords } from '../transcript/live-words';
import { TranscriptStore } from '../transcript/transcript.store';
import { TranscriptSync } from '../transcript/transcript-sync';
import { SoundSources } from './capture/sound-sources';
import { LiveLinesComponent } from './on-air/live-lines.component';
import { OnAirControlsComponent } from './on-air/on-air-controls.component';
import { OnAirDeckComponent } from './on-air/on-air-deck.component';
import { OnAirNoticesComponent } from './on-air/on-air-notices.component';
import { SessionCommands } from './on-air/session-commands';
import { leaveQuestion } from './session/leave-question';
import { LiveRecorder, type Begin } from './session/live-recorder';
import { OnAirSign } from './session/on-air-sign';
import { ScreenAwake } from './session/screen-awake';
import { SoundLevels } from './session/sound-levels';
import { KeptSessionsComponent } from './setup/kept-sessions.component';
import { LiveSetupComponent } from './setup/live-setup.component';
import { rememberedChoice } from './setup/remembered-choice';
import type { KeptSession } from './spool/session-shelf';

/** A session from the microphone to its words: chosen, recorded, marked, finished. */
@Component({
  selector: 'auscult-live-page',
  imports: [
    BackToRecordingsComponent, ButtonComponent, IconComponent, KeptSessionsComponent, LiveLinesComponent, LiveSetupComponent, OnAirControlsComponent,
    OnAirDeckComponent, OnAirNoticesComponent, RouterLink, StatePanelComponent,
  ],
  providers: [
    LeaveGuard, LiveRecorder, LiveTail, LiveWords, OnAirSign, ScreenAwake, SessionCommands, SoundLevels, SoundSources, TranscriptStore, TranscriptSync,
  ],
  templateUrl: './live-page.component.html',
  styleUrls: ['../reading-page.css', './live-page.component.css'],
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class LivePageComponent {
  protected readonly recorder = inject(LiveRecorder);
  protected readonly commands = inject(SessionCommands);
  protected readonly store = inject(TranscriptStore);
  protected readonly words = inject(LiveWords);
  protected readonly tail = inject(LiveTail);
  private readonly onAir = viewChild<ElementRef<HTMLElement>>('onAir');
  private readonly sources = inject(SoundSources);
  private readonly sync = inject(TranscriptSync);
  private readonly guard = inject(LeaveGuard);
  private readonly router = inject(Router);
  private readonly user = inject(Session).user;
  private readonly destroyRef = inject(DestroyRef);

  /** Why the end could not be said, where the notices do not tell: they do of a session that was taken over or refused meanwhile. */
  protected readonly failure = signal<ReturnType<typeof problemMessage> | null>(null);
  protected readonly recording = computed(() => ['on-air', 'finishing'].includes(this.recorder.stage()));
  protected readonly silent = computed(() => this.store.segments().length === 0 && this.words.spokenNow().length === 0 && this.words.markers().length === 0);
  /** The server knows the session: from then on its rows can be read and watched. */
  private readonly known = computed(() => {
    const phase = this.recorder.state()?.phase;
    return phase === undefined || phase === 'connecting' || phase === 'offline' ? null : (this.recorder.session()?.id ?? null);
  });
  protected readonly standing = computed(() => {
    if (this.recorder.stopped()) return 'Not recording';
    if (this.recorder.paused()) return 'Paused';
    return this.recorder.air() === 'no-sound' ? 'No sound' : null;
  });
  private followed: string | null = null;

  constructor() {
    const [sign, awake] = [inject(OnAirSign), inject(ScreenAwake)];
    keepMessagesAbove('6.5rem');
    this.guard.holds = () => this.recording();
    effect(() => {
      sign.show(this.recorder.air());
      awake.want(this.isOnAir());
    });
    // The button that was pressed is gone: whoever does not see goes on at the beginning of what came instead.
    effect(() => this.onAir()?.nativeElement.focus({ preventScroll: true }));
    effect(() => {
      // It has ended itself at its greatest length, or from another device.
      const ended = this.recorder.stage() === 'on-air' && ['finishing', 'finished'].includes(this.recorder.state()?.phase ?? '');
      if (ended) untracked(() => void this.end());
    });
    effect(() => {
      const id = this.known();
      untracked(() => this.follow(id));
    });
  }

  /** Asked by the router. */
  mayLeave(): boolean | Promise<boolean> {
    // Signed out, here or in another tab: the session stays on this device and can be gone on with.
    if (this.user() === null) return true;
    return this.isOnAir() ? this.guard.ask(leaveQuestion) : true;
  }

  private isOnAir(): boolean {
    return this.recorder.air() !== 'off';
  }

  protected async begin(choice: Begin): Promise<void> {
    await this.recorder.begin(choice);
  }

  protected async goOn(session: KeptSession): Promise<void> {
    await this.recorder.goOn(session, this.sources.thereOrNull(rememberedChoice().deviceId));
  }

  protected async finishKept(session: KeptSession): Promise<void> {
    await this.ending(session.id, () => this.recorder.finishKept(session));
  }

  protected async finish(): Promise<void> {
    if (await this.commands.confirmFinish()) await this.end();
  }

  private async end(): Promise<void> {
    const id = this.recorder.session()?.id;
    if (id !== undefined) await this.ending(id, () => this.recorder.finish().then(() => true));
  }

  /** @param work answers whether the end was said */
  private async ending(id: string, work: () => Promise<boolean>): Promise<void> {
    try {
      if (!(await work())) return;
    } catch (error) {
      if (!this.recorder.stopped()) this.failure.set(problemMessage(error));
      return;
    }
    // Without network that may take long, and the person is somewhere else by then.
    if (!this.destroyRef.destroyed) await this.router.navigate(['/recordings', id], { replaceUrl: true });
  }

  private follow(id: string | null): void {
    if (id === null || this.followed === id) return;
    this.followed = id;
    this.sync.start(id);
    this.words.start(id);
  }
}
