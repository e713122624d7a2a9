import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { LiveSendState } from '@auscult/client';
import { ButtonComponent, NoticeComponent, SelectComponent, type SelectOption } from '@auscult/ui';
import { SoundSources } from '../capture/sound-sources';
import { troubleWords } from '../capture/capture-words';
import { CALL_CHANNEL, LiveRecorder } from '../session/live-recorder';
import { isRest } from '../session/session-rests';
import { spanWords } from '../span-words';
import type { Keeps } from '../spool/indexed-db-frame-spool';

/** What needs the clinician's eye during a session, the gravest first, each with what to do about it. */
@Component({
  selector: 'auscult-on-air-notices',
  imports: [ButtonComponent, NoticeComponent, RouterLink, SelectComponent],
  templateUrl: './on-air-notices.component.html',
  styles: `
    :host { display: grid; gap: var(--space-3); }
    .choice { width: 16rem; }
    @media (max-width: 40rem) { .choice { width: auto; } }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class OnAirNoticesComponent {
  protected readonly recorder = inject(LiveRecorder);
  private readonly sources = inject(SoundSources);
  protected readonly busy = signal(false);
  /** The system's choice while the one in use is not there. */
  protected readonly chosen = computed(() => {
    const wanted = this.recorder.picked() ?? this.recorder.deviceId() ?? '';
    return this.microphones().some(({ value }) => value === wanted) ? wanted : '';
  });

  protected readonly refusal = computed(() => {
    const state = this.recorder.state();
    if (state?.phase !== 'refused') return null;
    return refusalWords(state);
  });
  protected readonly notTaken = computed(() => {
    const state = this.recorder.state();
    const problem = state?.phase === 'connecting' ? state.problem : null;
    if (!problem || problem.code === 'spool-failed') return null;
    return { text: `${problem.message.replace(/\.$/, '')}. What is said is kept on this device, and sent as soon as the server takes it.`, othersOpen: problem.code === 'too-many-requests' };
  });
  /** What was put off the record has not reached the server. */
  protected readonly forgetting = computed(() => {
    const state = this.recorder.state();
    return state !== null && state.forgetting > 0 && ['connecting', 'offline'].includes(state.phase);
  });
  protected readonly keeping = computed(() => {
    const [problem, keeps] = [this.recorder.state()?.problem, this.recorder.keeps()];
    // Not even written yet: what was kept before cannot be read.
    if (problem?.code === 'spool-failed' && this.recorder.state()?.phase === 'connecting' && keeps === 'all') return { heading: 'The storage of this browser does not answer', text: problem.message };
    return keepingWords[problem?.code === 'spool-failed' ? 'no-room' : keeps];
  });
  protected readonly microphoneLost = computed(() => this.recorder.lostChannels().includes(0));
  protected readonly callLost = computed(() => this.recorder.lostChannels().includes(CALL_CHANNEL));
  protected readonly microphones = computed<SelectOption[]>(() => [
    { value: '', label: 'The system’s microphone' },
    ...this.sources.microphones().map(({ id, label }) => ({ value: id, label })),
  ]);
  protected readonly trouble = computed(() => {
    const trouble = this.recorder.trouble();
    return trouble === null || trouble.cause === 'other-tab' ? null : troubleWords(trouble.cause, trouble.sharing);
  });
  protected readonly sound = computed(() => {
    const warning = this.recorder.levels.warning();
    if (this.recorder.paused() || warning === null) return null;
    if (warning.kind === 'quiet') {
      return { heading: 'Nobody has been heard for a while', text: 'If somebody is speaking, the microphone is too far away, or another one is in use.', microphone: true };
    }
    return warning.channels.includes(0)
      ? { heading: 'The microphone gives no sound', text: 'It may be muted, by a button of its own or in the system. Or choose another one.', microphone: true }
      : { heading: 'Nothing is heard of the call', text: 'The tab may be muted. If the patient speaks, share the tab of the call again.', microphone: false };
  });

  protected choose(id: string): void {
    this.recorder.picked.set(id);
  }

  protected useMicrophone(): Promise<void> {
    return this.doing(() => this.recorder.useMicrophone(this.microphone()));
  }

  protected openAnew(): Promise<void> {
    return this.doing(() => this.recorder.openAnew(this.microphone()));
  }

  protected shareCall(): Promise<void> {
    return this.doing(() => this.recorder.shareCall());
  }

  protected takeBack(): Promise<void> {
    return this.recorder.takeBack();
  }

  private microphone(): string | null {
    return this.chosen() === '' ? null : this.chosen();
  }

  private async doing(work: () => Promise<void>): Promise<void> {
    this.busy.set(true);
    try {
      await work();
    } finally {
      this.busy.set(false);
    }
  }
}

const stayHere = 'Recording goes on, but what the server does not have yet would be lost with this page: do not close or reload it before it says “Up to date”.';
const keepingWords: Record<Keeps, { heading: string; text: string } | null> = {
  'all': null,
  'no-room': { heading: 'This device has no room left', text: `${stayHere} Free some room on its disk.` },
  'nothing': { heading: 'This browser keeps nothing', text: `${stayHere} A window that is not private keeps it.` },
};

function refusalWords({ problem, unsent, unforgotten }: LiveSendState): { heading: string; text: string; leadsTo: 'transcript' | 'list' } {
  switch (problem?.code) {
    case 'live-ended':
    case 'recording-state': {
      const text = isRest(unsent)
        ? `The last ${spanWords(unsent)}, which this device had not sent by then, become a recording of their own.`
        : 'Everything that this device had sent by then is in the recording.';
      const still = unforgotten > 0 ? ' What you put off the record may still be in it: look for the note “Off the record”.' : '';
      return { heading: 'The session was finished elsewhere', text: `${text}${still}`, leadsTo: 'transcript' };
    }
    case 'not-found':
      return { heading: 'The session was deleted', text: 'Nothing of it is kept on this device any more.', leadsTo: 'list' };
    default:
      return { heading: 'The server does not take this session', text: `${problem?.message ?? 'It was refused'}. What was recorded stays on this device.`, leadsTo: 'list' };
  }
}
