import { ChangeDetectionStrategy, Component, DestroyRef, computed, effect, inject, signal } from '@angular/core';
import { LIVE_FRAME_MS, type LiveProgress, type RecordingView } from '@auscult/contracts';
import { ButtonComponent, IconComponent, ProgressBarComponent, clock, type IconName } from '@auscult/ui';
import { Realtime } from '../../core/realtime';
import { remark } from '../recordings/recording-words';
import { TranscriptCommands } from './transcript-commands';
import { TranscriptStore } from './transcript.store';

type Deed = 'cancel' | 'retry' | 'finish';

/** A session that is over, whose sound has not all come, and of which nothing comes for so long, in ms, waits for the device that recorded it. */
const STALLED_AFTER_MS = 30_000;

interface Banner {
  tone: 'accent' | 'danger' | 'warning' | 'neutral';
  icon: IconName;
  title: string;
  text: string | null;
  /** 0 to 1; null while nobody knows; undefined where there is none. */
  progress?: number | null;
  action: { label: string; does: Deed } | null;
  /** Red is only the sign of recording: nothing is wrong and nobody has to be alarmed. */
  quiet?: boolean;
}

/** Where the transcription stands, when that is not simply "done", and what can be done about it. */
@Component({
  selector: 'auscult-transcript-status',
  imports: [ButtonComponent, IconComponent, ProgressBarComponent],
  templateUrl: './transcript-status.component.html',
  styleUrl: './transcript-status.component.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TranscriptStatusComponent {
  private readonly store = inject(TranscriptStore);
  protected readonly commands = inject(TranscriptCommands);
  protected readonly recording = this.store.recording;
  protected readonly banner = computed(() => {
    const recording = this.store.recording();
    return recording && bannerOf(recording, { hasText: this.store.segments().length > 0, isStalled: this.isStalled() });
  });
  private readonly isStalled = signal(false);
  private readonly progress = signal<Pick<LiveProgress, 'received' | 'stored'>>({ received: 0, stored: 0 });
  /** How often more sound had come, or more of it was kept: of silence nothing is written. */
  private readonly steps = signal(0);
  /** The device has nothing more: what is left to do is the server's, however long it takes. */
  private readonly hasAll = computed(() => {
    const durationMs = this.store.recording()?.durationMs ?? null;
    return durationMs !== null && this.progress().received * LIVE_FRAME_MS >= durationMs;
  });

  constructor() {
    inject(Realtime).on('live:progress', (progress) => progress.recordingId === this.recording()?.id && this.progressed(progress), inject(DestroyRef));
    effect((onCleanup) => {
      const isFinishing = this.store.recording()?.live?.finishing === true;
      this.store.segments();
      this.steps();
      this.isStalled.set(false);
      if (!isFinishing || this.hasAll()) return;
      const timer = setTimeout(() => this.isStalled.set(true), STALLED_AFTER_MS);
      onCleanup(() => clearTimeout(timer));
    });
  }

  protected act(does: Deed): void {
    const recording = this.store.recording();
    if (recording) void this.commands[does](recording);
  }

  private progressed(now: LiveProgress): void {
    const before = this.progress();
    if (now.received > before.received || now.stored > before.stored) this.steps.update((count) => count + 1);
    this.progress.set(now);
  }
}

function bannerOf(recording: RecordingView, { hasText, isStalled }: { hasText: boolean; isStalled: boolean }): Banner | null {
  switch (recording.status) {
    case 'live':
      return live(recording, isStalled);
    case 'queued':
      return {
        tone: 'neutral', icon: 'clock', title: 'Waiting for a free place', progress: null, action: { label: 'Cancel', does: 'cancel' },
        text: 'Transcription begins by itself. You can leave this page.',
      };
    case 'transcribing':
      return {
        tone: 'accent', icon: 'waveform', title: 'Transcribing', text: reached(recording), progress: recording.durationMs === null ? null : recording.progress,
        action: { label: 'Cancel', does: 'cancel' },
      };
    case 'failed':
      return {
        tone: 'danger', icon: 'alert', title: hasText ? 'Transcription stopped before the end' : 'Transcription failed', text: remark(recording),
        action: audioAtFault(recording) ? null : { label: hasText ? 'Continue' : 'Try again', does: 'retry' },
      };
    case 'cancelled':
      return {
        tone: 'neutral', icon: 'stop', title: 'Cancelled', action: { label: hasText ? 'Continue' : 'Transcribe', does: 'retry' },
        text: hasText ? `What was written up to ${clock(recording.transcribedMs)} is kept.` : 'Nothing was written. The audio is kept.',
      };
    case 'completed':
      return hasText ? worthKnowing(recording) : null;
  }
}

function worthKnowing(recording: RecordingView): Banner | null {
  const text = remark(recording);
  return text === null ? null : { tone: 'warning', icon: 'info', title: 'Worth knowing', text, action: null };
}

function live(recording: RecordingView, isStalled: boolean): Banner {
  return recording.live?.finishing ? finishing(isStalled) : onAir(recording);
}

function finishing(isStalled: boolean): Banner {
  const banner: Banner = { tone: 'accent', icon: 'waveform', title: 'The session is over', text: 'Its last words are being written.', progress: null, action: null };
  if (!isStalled) return banner;
  return {
    ...banner, text: 'It waits for the rest of its sound, which may still be on the device that recorded it. Open Auscult there, and it comes by itself.',
    action: { label: 'Finish without the rest', does: 'finish' },
  };
}

function onAir(recording: RecordingView): Banner {
  return {
    tone: 'danger', icon: 'mic', title: 'On air', quiet: true,
    text: remark(recording) ?? 'This session is being recorded on another page or device. You follow along here.',
    action: { label: 'Finish from here', does: 'finish' },
  };
}

function reached({ transcribedMs, durationMs }: RecordingView): string {
  if (durationMs === null) return 'The audio is being opened.';
  return `Reached ${clock(transcribedMs)} of ${clock(durationMs)}`;
}

/** Another attempt can only fail again. */
function audioAtFault({ failure }: RecordingView): boolean {
  return failure !== null && ['not-audio', 'no-audio-track', 'audio-missing'].includes(failure.code);
}
