import { ChangeDetectionStrategy, Component, DOCUMENT, afterNextRender, computed, effect, inject, input, untracked, viewChild } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { SpeakerView } from '@auscult/contracts';
import { ButtonComponent, IconComponent, PlayerBarComponent, StatePanelComponent, TranscriptSearchComponent, TranscriptSkeletonComponent, clock } from '@auscult/ui';
import { LeaveGuard } from '../../core/leave-guard';
import { problemMessage } from '../../core/problem-message';
import { keepMessagesAbove } from '../messages-above';
import { AudioPlayer } from './audio-player';
import { LineActions } from './line-actions';
import { LineFocus } from './line-focus';
import { LiveTail } from './live-tail';
import { LiveWords } from './live-words';
import { OffRecordWords } from './off-record-words';
import { PageKeys } from './page-keys';
import { PlaybackFollow } from './playback-follow';
import { playbackRates } from './playback-rate';
import { ProgressAnnouncer } from './progress-announcer';
import { SecondPassLineComponent } from './second-pass-line.component';
import { SegmentScroll } from './segment-scroll';
import { SessionMarksComponent } from './session-marks.component';
import { SpeakerLegendComponent } from './speaker-legend.component';
import { SpokenNowComponent } from './spoken-now.component';
import { TranscriptCommands } from './transcript-commands';
import { TranscriptEdits } from './transcript-edits';
import { TranscriptHeaderComponent } from './transcript-header.component';
import { TranscriptLinesComponent } from './transcript-lines.component';
import { TranscriptSearch } from './transcript-search';
import { TranscriptStatusComponent } from './transcript-status.component';
import { TranscriptStore } from './transcript.store';
import { TranscriptSync } from './transcript-sync';
import { UnsavedCorrections } from './unsaved-corrections';
import { WaveformSource } from './waveform-source';

/** One recording: its words as they are written, read along while it plays, corrected, searched and saved. */
@Component({
  selector: 'auscult-transcript-page',
  imports: [
    ButtonComponent, IconComponent, PlayerBarComponent, RouterLink, SecondPassLineComponent, SessionMarksComponent, SpeakerLegendComponent, SpokenNowComponent, StatePanelComponent,
    TranscriptHeaderComponent, TranscriptLinesComponent, TranscriptSearchComponent, TranscriptSkeletonComponent, TranscriptStatusComponent,
  ],
  providers: [
    AudioPlayer, LeaveGuard, LineActions, LineFocus, LiveTail, LiveWords, OffRecordWords, PageKeys, PlaybackFollow, ProgressAnnouncer, SegmentScroll, TranscriptCommands,
    TranscriptEdits, TranscriptSearch, TranscriptStore, TranscriptSync, UnsavedCorrections, WaveformSource,
  ],
  templateUrl: './transcript-page.component.html',
  styleUrls: ['../reading-page.css', './transcript-page.component.css'],
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TranscriptPageComponent {
  /** Recording id, from the route. */
  readonly id = input.required<string>();

  protected readonly store = inject(TranscriptStore);
  protected readonly edits = inject(TranscriptEdits);
  protected readonly actions = inject(LineActions);
  protected readonly player = inject(AudioPlayer);
  protected readonly follow = inject(PlaybackFollow);
  protected readonly search = inject(TranscriptSearch);
  protected readonly keys = inject(PageKeys);
  protected readonly tail = inject(LiveTail);
  protected readonly live = inject(LiveWords);
  protected readonly waveform = inject(WaveformSource).waveform;
  private readonly sync = inject(TranscriptSync);
  private readonly unsaved = inject(UnsavedCorrections);
  private readonly scroll = inject(SegmentScroll);
  private readonly document = inject(DOCUMENT);
  private readonly searchField = viewChild(TranscriptSearchComponent);

  protected readonly rates = playbackRates;
  protected readonly failure = computed(() => {
    const state = this.store.loadState();
    return state.kind === 'failed' ? problemMessage(state.error) : null;
  });
  protected readonly gone = computed(() => {
    const state = this.store.loadState();
    return state.kind === 'gone' ? state : null;
  });
  protected readonly empty = computed(() => this.store.segments().length === 0 && this.store.recording()?.status === 'completed');
  private readonly playable = computed(() => (this.store.recording() === null || this.store.live() ? null : this.id()));
  protected readonly reachedMs = computed(() => (this.store.working() ? (this.store.recording()?.transcribedMs ?? 0) : null));
  protected readonly reachedText = computed(() => {
    const recording = this.store.recording();
    if (recording?.status !== 'transcribing' || recording.durationMs === null) return '';
    return `${clock(recording.transcribedMs)} of ${clock(recording.durationMs)}`;
  });
  /** Each channel in its speaker's colour. */
  protected readonly tones = computed(() =>
    [0, 1].map((channel) => this.store.speakers().find((speaker) => speaker.channel === channel)?.position ?? channel),
  );
  protected readonly trouble = computed(() => {
    const trouble = this.player.trouble();
    if (trouble === null) return null;
    return trouble === 'unplayable' ? 'This browser cannot play this kind of audio. Save the audio and play it with another program.' : 'The audio cannot be reached.';
  });

  constructor() {
    inject(ProgressAnnouncer);
    inject(OffRecordWords);
    effect(() => {
      const id = this.id();
      untracked(() => this.open(id));
    });
    effect(() => {
      // A session has no audio to play before it is over.
      const id = this.playable();
      untracked(() => {
        if (id !== null) this.player.open(id);
        else if (this.player.isOpen()) this.player.close();
      });
    });
    effect(() => this.player.setDuration(this.store.recording()?.durationMs ?? null));
    effect(() => {
      const match = this.search.current();
      if (match) untracked(() => this.scroll.toReading(match.segmentId));
    });
    this.player.quietAt = (ms) => !this.store.segments().some(({ startMs, endMs }) => startMs <= ms && ms < endMs);
    this.keys.focusSearch = () => this.searchField()?.focus();
    keepMessagesAbove('10.5rem');
    afterNextRender(() => this.document.defaultView?.scrollTo(0, 0));
  }

  /** Asked by the router. */
  mayLeave(): Promise<boolean> {
    return this.unsaved.mayLeave();
  }

  protected retryLoading(): void {
    this.store.beginLoading();
    void this.sync.read();
  }

  protected seek(ms: number): void {
    this.player.seek(ms);
    this.follow.sought();
  }

  /** A mark: where it can be heard, and the line that was spoken then. */
  protected goTo(ms: number): void {
    const segments = this.store.segments();
    const line = segments.find(({ endMs }) => endMs > ms) ?? segments.at(-1);
    if (!this.store.live()) this.player.seek(ms);
    if (line) this.scroll.toReading(line.id);
  }

  protected renameSpeaker({ speaker, name }: { speaker: SpeakerView; name: string }): void {
    void this.actions.renameSpeaker(speaker.id, name);
  }

  protected nextMatch(by: 1 | -1): void {
    this.search.move(by);
  }

  private open(id: string): void {
    this.sync.start(id);
    this.live.start(id);
  }
}
